// Times are in milliseconds.

/** Inputs stepped and stored in one transaction: bounds the longest task. */
export const maximumCallsAtOnce = 50;
/** Inputs that inspect() lists: what a page does until somebody opens the panel on it. */
export const maximumListedSteps = 50;
/** Problems that inspect() lists: the first of a page that does not start is among them, and it is no log. */
export const maximumListedProblems = 10;
/** Inputs kept in memory before consent, and before the engine is there. Later ones are dropped, and counted. */
export const maximumHeldCalls = 1_000;
/** Characters of the ids of calls with which commits ended, of some twenty: more than other tabs make before one of them, or the next page, takes up what a page spilled. */
export const maximumEnds = 1_000;
/** Bytes of the data that a page may give with one event; what we add to it fits in the rest of an event's 32 KB. */
export const maximumDataBytes = 28_000;
/** Bytes of a page with what is said of it, as the engine counts them: it refuses more than 16 KiB, and what nests deeper than 32 levels in an event. */
export const maximumPageBytes = 16_000;
export const deepestPage = 30;
/** A decision that takes longer than this leaves alone what the visitor is looking at. */
export const lateDecision = 3_000;
/** A later timer is set again when this has passed: setTimeout neither counts while the machine sleeps nor knows of a clock that is set. */
export const longestTimer = 60_000;
/** A profile that changes while it is exchanged is exchanged again, so often: a page view between asking and answer is common, three are not. */
export const maximumExchanges = 3;
/** Wait after news of another tab: it often has more than one. */
export const tabDelay = 50;
/** Characters of all spills of unstored inputs in localStorage at pagehide: all calls that a page holds, of 2 KB each, and less than half of its 5 million. */
export const maximumSpillSize = 2_000_000;
