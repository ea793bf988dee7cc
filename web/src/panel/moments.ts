import type { WaylineClient } from '../client/wayline-client.js';
import type { Decision } from '../engine/decision.js';
import type { JsonObject } from '../engine/json.js';
import type { Session } from '../engine/session.js';
import type { InspectedJourney } from '../engine/session-inspection.js';
import type { Effect, Enrolment, StepInput } from '../engine/step.js';
import { parseState, type Recording } from './recording.js';

export type Kind = 'page' | 'track' | 'identify' | 'consent' | 'exposure' | 'dismiss' | 'tick';

/** A slot, a journey or an effect that a step changed. */
export interface Change {
  readonly what: 'slot' | 'journey' | 'event';
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

const kinds: readonly Kind[] = ['track', 'identify', 'consent', 'exposure', 'dismiss', 'page', 'tick'];

export function kindOf(input: StepInput): Kind {
  return kinds.find((kind) => input[kind] !== undefined) ?? 'tick';
}

/** Epoch milliseconds. */
export const timeOf = ({ at }: StepInput): number => (typeof at === 'number' ? at : Date.parse(at));

/** Where a page is, without its origin. */
function pathOf(page: JsonObject | undefined): string {
  const { url, path, search } = page ?? {};
  if (typeof path === 'string' && path !== '') return path + (typeof search === 'string' ? search : '');
  return typeof url === 'string' ? url : '';
}

/** The step in a few words. */
export function titleOf(input: StepInput): string {
  switch (kindOf(input)) {
    case 'page':
      return pathOf(input.page);
    case 'track':
      return input.track ?? '';
    case 'identify':
      return `is ${input.identify ?? ''}`;
    case 'consent':
      return Object.entries(input.consent ?? {}).map(([purpose, granted]) => `${granted ? 'allows' : 'refuses'} ${purpose}`).join(', ');
    case 'exposure':
      return `saw ${input.exposure?.slot ?? ''}`;
    case 'dismiss':
      return `closed ${input.dismiss?.slot ?? ''}`;
    case 'tick':
      return 'time passed';
  }
}

const unfilled = 'default';
const shown = (decision: Decision | undefined): string => decision?.experience ?? unfilled;
function place(journey: Enrolment | InspectedJourney | undefined): string {
  if (journey === undefined || journey.status === null) return 'not entered';
  return journey.status === 'active' ? (journey.stage ?? '') : `${journey.status}${journey.outcome === undefined ? '' : `: ${journey.outcome}`}`;
}

/** What the moment changed, played again from the state before it. Undefined where that state is not known. */
export function changesOf(recording: Recording, client: WaylineClient, index: number): readonly Change[] | undefined {
  const state = recording.before(index);
  const moment = recording.moments[index];
  if (state === undefined || moment === undefined) return undefined;
  const session = client.fork(parseState(state));
  if (session === null) return undefined;
  try {
    return compare(session, moment.input);
  } catch {
    // The engine refused the step then too: it changed nothing.
    return [];
  } finally {
    session.dispose();
  }
}

function compare(session: Session, input: StepInput): Change[] {
  const { at } = input;
  const journeysBefore = session.inspect(at).journeys;
  // A new page has slots of its own: what they show is all news.
  const arrives = kindOf(input) === 'page';
  const slotsBefore = session.decide({ at });
  const { effects, journeys } = session.step(input);
  const slotsAfter = session.decide({ at });
  const slots = Object.entries(slotsAfter)
    .map(([name, decision]): Change => ({ what: 'slot', name, before: arrives ? '' : shown(slotsBefore[name]), after: shown(decision) }))
    .filter(({ after }) => !arrives || after !== unfilled);
  const enrolments = Object.entries(journeys).map(([name, enrolment]): Change => ({ what: 'journey', name, before: place(journeysBefore[name]), after: place(enrolment) }));
  return [...enrolments, ...slots].filter(({ before, after }) => before !== after).concat(events(effects));
}

/** What the engine itself reports, but for what the changes of journeys say already. */
function events(effects: readonly Effect[]): Change[] {
  const told = new Set(['Journey Entered', 'Stage Entered', 'Journey Exited']);
  return effects.flatMap((effect): Change[] => (effect.type === 'track' && !told.has(effect.event) ? [{ what: 'event', name: effect.event, before: '', after: '' }] : []));
}
