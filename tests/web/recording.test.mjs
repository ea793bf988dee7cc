// What the panel remembers of a visit: each step with the state after it, as far as that can be known.
import assert from 'node:assert/strict';
import { before, beforeEach, test } from 'node:test';
import { bytesOf, compile } from '../wasm/engine.mjs';
import { load } from './load.mjs';
import { LocalTexts } from './local-texts.mjs';

const { Recording, Engine, Program, Session } = await load('panel/recording.ts', 'engine.ts');

/** The tab's memory, with room for so many characters. */
class TabTexts extends LocalTexts {
  static room = Infinity;

  setItem(key, text) {
    if (text.length > TabTexts.room) throw new Error('full');
    super.setItem(key, text);
  }
}

/** What a recording asks of the SDK, over a session that does what it is told. */
class Client {
  #told = () => undefined;
  steps = [];

  constructor(state) {
    this.session = Session.create(program, 'ada', state);
  }

  on(_, told) {
    this.#told = told;
  }

  inspect() {
    return { visitor: 'ada', steps: this.steps };
  }

  fork(state = this.state()) {
    return Session.create(program, 'ada', state);
  }

  state() {
    return JSON.parse(this.session.snapshot());
  }

  view(number) {
    this.#take({ at: 1_772_000_000_000 + 1000 * number, id: `m${number}`, track: 'Product Viewed', properties: { category: 'dress' } });
  }

  /** A call that the engine does not take; the SDK lists it all the same. */
  refuse(number) {
    assert.throws(() => this.#take({ at: 1_772_000_000_000 + 1000 * number, id: `m${number}`, track: 'page' }), { code: 'step.malformed' });
  }

  #take(input) {
    try {
      this.session.step(input);
    } finally {
      this.#list(input);
    }
  }

  #list(input) {
    this.steps = [...this.steps, input].slice(-50);
    this.#told();
  }
}

let program, hide;
before(async () => {
  program = Program.load(await Engine.load(bytesOf('wayline.wasm')), await compile());
});
beforeEach(() => {
  globalThis.sessionStorage = new TabTexts();
  globalThis.addEventListener = (type, listener) => {
    if (type === 'pagehide') hide = listener;
  };
  TabTexts.room = Infinity;
});

const viewed = (client, from, to) => {
  for (let number = from; number <= to; number++) client.view(number);
};
const ids = ({ moments }) => moments.map(({ input }) => input.id);
const clockOf = (state) => JSON.parse(state).clock;

test('steps from before the panel are played again, so that the state after each is known', () => {
  const client = new Client();
  viewed(client, 1, 3);
  const recording = new Recording(client);
  viewed(client, 4, 4);
  assert.deepEqual([ids(recording), recording.fresh, recording.before(0)], [['m1', 'm2', 'm3', 'm4'], true, null]);
  assert.deepEqual(recording.moments.map(({ after }) => clockOf(after)), client.steps.map(({ at }) => at));
});

test('a step that the engine refused changed nothing', () => {
  const client = new Client();
  viewed(client, 1, 2);
  client.refuse(3);
  viewed(client, 4, 4);
  const recording = new Recording(client);
  assert.deepEqual([recording.fresh, recording.moments.map(({ after }) => clockOf(after) % 1e5 / 1000)], [true, [1, 2, 2, 4]]);
});

test('where playing them again does not lead to the state of now, none but that one is known', () => {
  const client = new Client();
  client.session.step({ at: 1_772_000_000_000, consent: { analytics: true } }); // which no list of steps tells of
  viewed(client, 1, 3);
  const recording = new Recording(client);
  assert.deepEqual([recording.fresh, recording.before(0), recording.sessionAt(0)], [false, undefined, null]);
  assert.deepEqual(recording.moments.map(({ after }) => after), [null, null, client.session.snapshot()]);
});

test('an afternoon is kept, and it begins with the state that the forgotten part left', () => {
  const client = new Client();
  const recording = new Recording(client);
  viewed(client, 1, 160);
  assert.deepEqual([recording.moments.length, ids(recording)[0]], [150, 'm11']);
  assert.equal(clockOf(recording.before(0)), 1_772_000_010_000);
});

test('it goes on over the pages; what the memory of the tab does not hold is left at the old end', () => {
  const client = new Client();
  const first = new Recording(client);
  viewed(client, 1, 40);
  TabTexts.room = JSON.stringify(first.moments).length * 0.7;
  hide();
  const next = new Client(client.state());
  const second = new Recording(next);
  next.view(41);
  assert.deepEqual(ids(second), Array.from({ length: 21 }, (_, index) => `m${21 + index}`));
  assert.equal(clockOf(second.before(0)), 1_772_000_020_000);
});
