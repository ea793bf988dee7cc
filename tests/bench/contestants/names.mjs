/** Wayline first, then its peers, as results are listed. */
export const contestants = ['wayline', 'closures', 'json-logic-engine', 'json-logic-js', 'growthbook'];

export const peers = contestants.slice(1);
