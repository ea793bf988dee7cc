// Times are in milliseconds.

/** Most events of one batch: half of what the collector takes, so that another server's lower limit is met less often. */
export const maximumBatchEvents = 250;
/** Most bytes of a batch: Segment's limit is 500 KB, the collector's 512 KB. */
export const maximumBatchBytes = 400_000;
/** Browsers share 64 KiB among all keepalive requests of a page: 65,537 bytes are refused. The rest is left to the site. */
export const maximumKeepaliveBytes = 60 * 1024;
/** Bytes of a batch's body beside its events. */
export const envelopeBytes = 512;
/** Events captured within this time travel together. */
export const coalescingDelay = 250;
/** A request without an answer is given up; its events are sent again under the same ids. */
export const requestTimeout = 20_000;
/** After a failure each success lets so many times as many events through: an endpoint that recovers is not met by full batches, and few are held up by a bad event among them. */
export const growth = 4;
/** Each failure in a row doubles the longest wait for the next try, from the first of these to the second: an outage is over for everybody soon after it ends. */
export const firstRetryDelay = 1_000;
export const longestRetryDelay = 300_000;
/** A Retry-After beyond this is taken for a mistake. */
export const longestRetryAfter = 3_600_000;
/** Older events are dropped: the server remembers ids for longer than this, so that a copy is always recognised. */
export const maximumEventAge = 28 * 86_400_000;
/** How long flush() waits for the tab that is sending. */
export const flushTimeout = 10_000;
