// Segment's analytics-next with its default settings; only what it would fetch from a CDN is given here.
import { AnalyticsBrowser } from '@segment/analytics-next';

const segment = AnalyticsBrowser.load({
  writeKey: 'test',
  cdnSettings: { integrations: { 'Segment.io': { apiKey: 'test', apiHost: `${location.host}/segment/v1`, protocol: 'http' } } },
});
window.peer = { ready: Promise.resolve(segment.ready()), track: (token) => void segment.track('Counted', { token }) };
