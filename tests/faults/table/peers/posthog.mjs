// PostHog's browser SDK with its default settings, without what it records and loads beside events.
import posthog from 'posthog-js/dist/module.no-external.js';

const quiet = { autocapture: false, capture_pageview: false, capture_pageleave: false, disable_session_recording: true, advanced_disable_flags: true };
const ready = new Promise((loaded) => posthog.init('test', { api_host: `${location.origin}/posthog`, ...quiet, loaded }));
window.peer = { ready, track: (token) => void posthog.capture('Counted', { token }) };
