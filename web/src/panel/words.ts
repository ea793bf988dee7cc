import type { Reason } from '../engine/decision.js';
import type { Json } from '../engine/json.js';

/** Each reason as a person would say it. */
const reasons: Readonly<Record<Reason, string>> = {
  matched: 'Everything allows it, and nothing ranks higher.',
  no_candidate: 'No page rule is for this slot on this page, nor a stage that the visitor is in.',
  not_matched: 'The condition does not hold.',
  holdout: 'This visitor is in a holdout and sees the default, for comparison.',
  not_covered: 'The experiment does not cover this visitor.',
  capped: 'Seen as often as its cap allows.',
  pressure: 'The visitor has been shown enough for now.',
  quiet_hours: 'It is quiet hours.',
  held: 'The journey is held: it stays silent, its transitions go on.',
  dismissed: 'The visitor closed it.',
  consent: 'The purpose it needs is not granted.',
  excluded: 'Another experience of its group is on this page.',
  budget: 'The rule needed more steps than its budget.',
  schedule: 'It is not scheduled for now.',
  outranked: 'It could be shown, but another one ranks higher.',
  forced: 'A preview, on this page only: it is neither counted nor kept.',
  paused: 'The journey or experience is paused.',
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

export function valueText(value: Json | undefined): string {
  if (value === undefined) return 'nothing';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
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
