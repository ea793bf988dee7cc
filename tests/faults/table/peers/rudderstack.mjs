// RudderStack's browser SDK with its default settings, in the build that carries its plugins with it.
import { RudderAnalytics } from '@rudderstack/analytics-js/bundled';

const rudder = new RudderAnalytics();
const config = { connections: [], destinations: [], config: { statsCollection: { errors: { enabled: false }, metrics: { enabled: false } } } };
const source = { id: 'test', name: 'test', writeKey: 'test', enabled: true, workspaceId: 'test', ...config };
rudder.load('test', `${location.origin}/rudderstack`, { getSourceConfig: () => ({ source }), configUrl: `${location.origin}/rudderstack` });
window.peer = { ready: new Promise((done) => rudder.ready(done)), track: (token) => rudder.track('Counted', { token }) };
