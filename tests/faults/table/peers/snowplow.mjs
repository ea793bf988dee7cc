// Snowplow's browser tracker with its default settings.
import { newTracker, trackStructEvent } from '@snowplow/browser-tracker';

newTracker('test', location.origin, { appId: 'test', postPath: '/snowplow/tp2' });
window.peer = { ready: Promise.resolve(), track: (token) => trackStructEvent({ category: 'faults', action: 'Counted', label: token }) };
