// Writes what a visitor did as a story, the test document that `wayline test` plays.
import type { Decision } from '../engine/decision.js';
import type { Json, JsonObject } from '../engine/json.js';
import type { Session } from '../engine/session.js';
import type { InspectedJourney, InspectedTrait, SessionInspection } from '../engine/session-inspection.js';
import type { Enrolment, Notice, StepInput, StepOutput } from '../engine/step.js';
import { inSession } from './in-session.js';
import { kindOf, timeOf, titleOf } from './moments.js';
import type { Moment } from './recording.js';

export interface StorySource {
  readonly visitor: string;
  readonly moments: readonly Moment[];
  /** The visitor before the first moment; null when there was none. */
  readonly before: SessionInspection | null;
  /** A session of the same visitor in this state; null is a new one. */
  readonly fork: (state: Json) => Session;
  /** A session in the state after a moment, where it is known. */
  readonly sessionAt: (index: number) => Session | null;
}

export interface Story {
  readonly text: string;
  /** What the reader should know of it, one sentence each. */
  readonly notes: readonly string[];
}

type Step = Record<string, Json>;

const second = 1_000;
/** An event that no pack names: what has the same effect as this one has none. */
const unknownEvent = '\u0000';
const units: readonly (readonly [milliseconds: number, unit: string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'm'],
  [second, 's'],
];

/** `90000` as `90s`, `120000` as `2m`: the largest unit that says it whole. */
function pause(milliseconds: number): string {
  const [size, unit] = units.find(([each]) => milliseconds % each === 0) ?? [second, 's'];
  return `${String(milliseconds / size)}${unit}`;
}

export function storyOf(title: string, source: StorySource): Story | undefined {
  const [first] = source.moments;
  if (first === undefined) return undefined;
  const start = timeOf(first.input);
  return inSession(source.fork(null), (session) => new StoryWriter(source, start, session).write(title));
}

class StoryWriter {
  readonly #steps: Step[] = [];
  readonly #left = new Set<string>();
  readonly #refused = new Set<string>();
  #device = '';
  #last: number;
  #differs = 0;

  constructor(
    private readonly source: StorySource,
    private readonly start: number,
    private readonly session: Session,
  ) {
    this.#last = start;
  }

  write(title: string): Story | undefined {
    const visitor = this.#setUp();
    this.source.moments.forEach(({ input }, index) => this.#add(input, index));
    if (this.#steps.length === 0) return undefined;
    return { text: `${written({ story: title, visitor, steps: this.#steps })}\n`, notes: this.#notes() };
  }

  /** What stands before the first step: the same inputs that `wayline test` makes of it. */
  #setUp(): JsonObject {
    const { visitor: id, before } = this.source;
    if (before === null) return { id };
    const consent = Object.fromEntries(Object.entries(before.consent).filter(([, granted]) => granted));
    const traits = Object.fromEntries(Object.entries(before.profile).map(([name, trait]) => [name, envelope(trait)]));
    const at = this.start;
    const parts: Record<string, Json> = { id };
    if (Object.keys(consent).length > 0) {
      parts['consent'] = consent;
      this.session.step({ at, id: 'setup-consent', consent });
    }
    if (Object.keys(traits).length > 0 || before.user !== null) {
      const user = before.user ?? id;
      if (before.user !== null) parts['user'] = user;
      if (Object.keys(traits).length > 0) parts['traits'] = traits;
      this.session.step({ at, id: 'setup-identify', identify: user, traits });
    }
    return parts;
  }

  #add(original: StepInput, index: number): void {
    // What was known before is known as of the first moment: where that is left out, its time is not.
    const input = this.#known(original) ?? (index === 0 && this.source.before !== null ? { at: original.at, tick: true } : undefined);
    if (input === undefined) return;
    const kind = kindOf(input);
    // Whole seconds, upwards: a timer that was due stays due.
    const at = this.start + Math.ceil((timeOf(original) - this.start) / second) * second;
    const step: Step = this.#steps.length === 0 ? { at: new Date(at).toISOString() } : at > this.#last ? { wait: pause(at - this.#last) } : {};
    this.#last = at;
    Object.assign(step, parts(input));
    const device = JSON.stringify(input.device ?? null);
    if (input.device !== undefined && device !== this.#device) step['device'] = input.device;
    if (input.device !== undefined) this.#device = device;
    const before = this.session.inspect(at);
    const slotsBefore = this.session.decide({ at });
    const output = this.session.step({ ...(step as unknown as StepInput), at, id: `step-${String(this.#steps.length + 1)}` });
    const decided = this.session.decide({ at });
    const slotsAfter = kind === 'page' ? output.decisions : changed(slotsBefore, decided);
    // All of the page: what a slot shows may be excluded by what another one does.
    if (kind !== 'page' && Object.keys(slotsAfter).length > 0) step['decide'] = Object.keys(decided);
    const expect = expectation(before, output, slotsAfter);
    if (Object.keys(expect).length > 0) step['expect'] = expect;
    this.#steps.push(step);
    this.#compare(index, timeOf(original), at);
  }

  /** The input without what the pack does not take, which its stories may not name; undefined when nothing is left. */
  #known(input: StepInput): StepInput | undefined {
    const at = Math.max(timeOf(input), this.#last);
    const taken = this.#tried({ ...input, at });
    if (taken === undefined) {
      this.#refused.add(titleOf(input));
      return undefined;
    }
    if (input.track !== undefined) {
      // An event does nothing that one without a meaning would not.
      if (taken.state !== this.#tried({ ...input, at, track: unknownEvent })?.state) return input;
      this.#left.add(input.track);
      return undefined;
    }
    const { consent, traits } = input;
    if (consent !== undefined) {
      const purposes = Object.entries(consent).filter(([purpose]) => purpose in this.session.inspect(at).consent);
      return purposes.length === 0 ? undefined : { ...input, consent: Object.fromEntries(purposes) };
    }
    if (traits === undefined) return input;
    const refused = taken.notices.map(({ name }) => name);
    return { ...input, traits: Object.fromEntries(Object.entries(traits).filter(([name]) => !refused.includes(name))) };
  }

  /** What the step leads to, beside the story; undefined when the engine refuses it, as it did when it was made. */
  #tried(input: StepInput): { readonly state: string; readonly notices: readonly Notice[] } | undefined {
    return inSession(this.source.fork(JSON.parse(this.session.snapshot()) as Json), (session) => {
      try {
        const { notices = [] } = session.step({ ...input, id: 'tried' });
        return { state: session.snapshot(), notices };
      } catch {
        return undefined;
      }
    });
  }

  /** Counts the steps after which the slots were other than they are in the story. */
  #compare(index: number, seenAt: number, at: number): void {
    const seen = this.source.sessionAt(index);
    if (seen === null) return;
    const differ = inSession(seen, () => changed(seen.decide({ at: seenAt }), this.session.decide({ at })));
    if (Object.keys(differ).length > 0) this.#differs += 1;
  }

  #notes(): string[] {
    const notes: string[] = [];
    if (this.source.before !== null) notes.push('The visitor was known before: the story begins with their traits and consent, and without their history.');
    notes.push(this.#differs === 0 ? 'Played from its beginning, it comes out as it was seen here.' : `After ${String(this.#differs)} steps its slots are not as they were seen here; the story expects what it leads to.`);
    if (this.#left.size > 0) notes.push(`Left out, because the pack makes nothing of it: ${[...this.#left].join(', ')}.`);
    if (this.#refused.size > 0) notes.push(`Left out, because the engine refused it: ${[...this.#refused].join(', ')}.`);
    return notes;
  }
}

/** Columns that a line of the file may fill. */
const lineWidth = 140;

/** JSON as a person writes it: what fits on one line stands on one. */
function written(value: Json, indent = ''): string {
  const line = JSON.stringify(value, null, 1).replace(/\n\s*/g, ' ');
  if (typeof value !== 'object' || value === null || indent.length + line.length <= lineWidth) return line;
  const inner = `${indent}  `;
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  const lines = Array.isArray(value) ? value.map((item) => written(item, inner)) : Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${written(item ?? null, inner)}`);
  return `${open}\n${lines.map((each) => inner + each).join(',\n')}\n${indent}${close}`;
}

function envelope({ value, source, observedAt }: InspectedTrait): JsonObject {
  return { value, ...(source === undefined || source === '' ? {} : { source }), ...(observedAt === undefined ? {} : { observedAt }) };
}

/** The keys of the input that make it what it is, in the order in which a person writes them. */
function parts({ page, track, properties, identify, traits, consent, exposure, dismiss, tick }: StepInput): Step {
  const step: Step = {};
  if (consent !== undefined) step['consent'] = { ...consent };
  if (exposure !== undefined) step['exposure'] = { ...exposure };
  if (dismiss !== undefined) step['dismiss'] = { ...dismiss };
  if (tick !== undefined) step['tick'] = true;
  if (track !== undefined) step['track'] = track;
  if (properties !== undefined && Object.keys(properties).length > 0) step['properties'] = properties;
  if (identify !== undefined) step['identify'] = identify;
  if (traits !== undefined && Object.keys(traits).length > 0) step['traits'] = traits;
  if (page !== undefined) step['page'] = tidyPage(page);
  return step;
}

/** What rules look at: the address, what the site said of the page, and where a visitor from elsewhere came from. An address that is no text is none. */
function tidyPage({ url, path, search: _, title: __, referrer, ...page }: JsonObject): JsonObject {
  if (typeof url !== 'string') return { ...page, path: typeof path === 'string' ? path : '/' };
  const address = addressOf(url, 'http://page.invalid');
  const isForeign = typeof referrer === 'string' && referrer !== '' && addressOf(referrer, url)?.origin !== address?.origin;
  return { ...page, url, ...(typeof path !== 'string' || path === address?.pathname ? {} : { path }), ...(isForeign ? { referrer } : {}) };
}

function addressOf(url: string, base: string): URL | undefined {
  try {
    return new URL(url, base);
  } catch {
    return undefined;
  }
}

function changed(before: Readonly<Record<string, Decision>>, after: Readonly<Record<string, Decision>>): Record<string, Decision> {
  return Object.fromEntries(Object.entries(after).filter(([slot, { experience, variant }]) => before[slot]?.experience !== experience || before[slot]?.variant !== variant));
}

function expectation(before: SessionInspection, { effects, journeys }: StepOutput, slots: Readonly<Record<string, Decision>>): Step {
  const expect: Step = {};
  const shown = Object.entries(slots).map(([slot, { experience, variant }]) => [slot, experience === null ? null : { experience, variant }]);
  if (shown.length > 0) expect['slots'] = Object.fromEntries(shown) as Json;
  const moved = Object.entries(journeys).filter(([id, now]) => moves(before.journeys[id], now));
  if (moved.length > 0) expect['journeys'] = Object.fromEntries(moved.map(([id, now]) => [id, { ...now }])) as Json;
  const events = effects.flatMap((effect) => (effect.type === 'track' ? [{ type: 'track', event: effect.event }] : []));
  if (events.length > 0) expect['effects'] = events;
  return expect;
}

function moves(before: InspectedJourney | undefined, now: Enrolment): boolean {
  return before === undefined || before.stage !== now.stage || before.status !== now.status || before.outcome !== now.outcome;
}
