// The engine as a host that plays page views uses it: the compiled program and the visitors are resident in wasm, one call for each page view. A page's
// script takes the same step with the device and the page's properties as well, which it encodes first.
import { slots } from '../pack/shop.mjs';
import { Engine, Program, Session, stepPageView } from '../../../web/src/engine.ts';

export const name = 'wayline';
export const file = 'program.wayline';

export async function create({ bytes, wasm }) {
  const engine = await Engine.load(await wasm());
  return new Wayline(engine, Program.load(engine, new Uint8Array(await bytes(file))));
}

class Wayline {
  #sessions = [];

  constructor(engine, program) {
    this.engine = engine;
    this.program = program;
  }

  begin(visitors) {
    for (const session of this.#sessions) session.dispose();
    this.#sessions = visitors.map(({ id, start, profile, device }) => {
      const session = Session.create(this.program, id);
      session.step({ at: start, identify: id, traits: profile, device });
      return session;
    });
  }

  view(visitor, url, at) {
    const { decisions } = stepPageView(this.#sessions[visitor], { at, url });
    return slots.map((slot) => decisions[slot]);
  }

  /** Bytes outside of the JavaScript heap. */
  get memory() {
    return this.engine.memorySize;
  }
}
