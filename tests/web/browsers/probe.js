// Loaded before the SDK by the pages of the suite: what went wrong on the page, and what the SDK reports.
window.told = [];
window.problems = [];
if (!Array.isArray(window.wayline)) window.wayline = [];
window.wayline.push(['on', 'error', ({ code, details }) => told.push({ code, details })]);
addEventListener('error', ({ message }) => problems.push(`uncaught: ${message}`));
addEventListener('unhandledrejection', ({ reason }) => problems.push(`unhandled: ${reason}`));
document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => problems.push(`policy: ${violatedDirective} ${blockedURI}`));
