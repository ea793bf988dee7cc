// Times are in milliseconds.

/** Most events kept: two days of a busy visitor offline, and still listed in one short task. */
export const maximumEvents = 10_000;
/** Most bytes of events kept; browsers grant an origin far more. */
export const maximumQueueBytes = 20_000_000;
/** Evicted in one go when full, so that each later event does not pay for an eviction of its own. */
export const evictionRoom = 100;
/** The oldest events are those that may be in flight: at least a whole batch of them is never evicted. */
export const protectedEvents = 500;
/** Events set aside that are kept for diagnosis. */
export const maximumSetAside = 100;
/** Opening IndexedDB hangs for ever in some private windows and after some crashes; a second attempt may get through. */
export const openTimeout = 2_000;
export const openAttempts = 2;
/** A transaction that takes longer is given up; its events are then kept in memory. */
export const transactionTimeout = 5_000;
/** Most bytes of one event, the collector's own limit: a larger one would only be refused later. */
export const maximumEventSize = 32_768;
/** A first page's storage is opened after this time, even if nothing was decided yet: the engine may have to come from the device after all. */
export const longestRest = 1_000;
