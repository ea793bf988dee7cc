// PostHog's browser SDK with its default settings, without what it records and loads beside events. It drops the events of a headless browser, which is a bot to
// it, unless told not to; and it writes its own key over a property called token.
import posthog from 'posthog-js/dist/module.no-external.js';

const quiet = { autocapture: false, capture_pageview: false, capture_pageleave: false, disable_session_recording: true, advanced_disable_flags: true };
const options = { api_host: `${location.origin}/posthog`, opt_out_useragent_filter: true, ...quiet };
const ready = new Promise((loaded) => posthog.init('test', { ...options, loaded }));
window.peer = { ready, track: (token) => void posthog.capture('Counted', { label: token }) };
