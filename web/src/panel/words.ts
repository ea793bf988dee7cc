import type { Reason } from '../engine/decision.js';
import type { Json } from '../engine/json.js';

/** Each reason as a person would say it, and as the command line does. */
const reasons: Readonly<Record<Reason, string>> = {
  matched: 'Everything allows it, and nothing ranks higher.',
  no_candidate: 'No page rule is for this slot on this page, nor a stage that the visitor is in.',
  not_matched: 'Its condition does not hold.',
  holdout: 'The visitor is in a holdout and sees the default, for comparison.',
  not_covered: 'The visitor is outside of the experiment\'s coverage.',
  capped: 'It was seen as often as its cap allows.',
  pressure: 'The site has shown as much as its pressure caps allow.',
  quiet_hours: 'The site is quiet at this hour.',
  held: 'A person or a condition keeps it silent.',
  dismissed: 'The visitor closed it.',
  consent: 'The visitor has not agreed to what it needs.',
  excluded: 'Another one of its group won a slot.',
  budget: 'Its condition took more steps than a page has.',
  schedule: 'It is outside of its dates.',
  outranked: 'It could show, but another one ranks higher.',
  forced: 'A preview, on this page only: it is neither counted nor kept.',
  paused: 'It is paused.',
  unavailable: 'There is no engine or no pack yet.',
};

export function reasonText(reason: Reason): string {
  return reasons[reason];
}

/** Words for the panel's narrow columns. */
export function shortReason(reason: Reason): string {
  return reason.replaceAll('_', ' ');
}

const longestValue = 160;

/** "is false; it saw 2", as the command line says it behind a predicate. */
export function sightText(result: Json | undefined, saw: Json | undefined): string {
  return `is ${JSON.stringify(result)}${saw === undefined ? '' : `; it saw ${cut(JSON.stringify(saw))}`}`;
}

export function valueText(value: Json | undefined): string {
  if (value === undefined) return 'nothing';
  return cut(typeof value === 'string' ? value : JSON.stringify(value));
}

function cut(text: string): string {
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
}

const units: readonly (readonly [seconds: number, name: string])[] = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
];

/** How long ago, in the largest whole unit. */
export function age(instant: string | number, now: number): string {
  const seconds = Math.max(0, Math.round((now - new Date(instant).getTime()) / 1000));
  const unit = units.find(([size]) => seconds >= size);
  return unit === undefined ? 'just now' : `${String(Math.floor(seconds / unit[0]))} ${unit[1]} ago`;
}

/** The time of day, to the second. */
export function clock(instant: number): string {
  return new Date(instant).toTimeString().slice(0, 8);
}
