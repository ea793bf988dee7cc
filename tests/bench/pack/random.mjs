import { seededRandom } from '../../support/random.mjs';

/** What is drawn with the numbers of one seed. */
export class Random {
  constructor(seed) {
    /** From 0 up to, but not including, 1. */
    this.next = seededRandom(seed);
  }

  below(limit) {
    return Math.floor(this.next() * limit);
  }

  chance(share) {
    return this.next() < share;
  }

  pick(list) {
    return list[this.below(list.length)];
  }

  /** `count` different items of the list, in the order of the draw. */
  several(list, count) {
    const chosen = new Set();
    while (chosen.size < Math.min(count, list.length)) chosen.add(this.pick(list));
    return [...chosen];
  }

  /** A key of `shares`, whose values add up to 1. */
  share(shares) {
    let left = this.next();
    for (const [name, share] of Object.entries(shares)) {
      left -= share;
      if (left < 0) return name;
    }
    return Object.keys(shares)[0];
  }

  /** Many small values and few large ones, of the given median. */
  skewed(median) {
    const normal = Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
    return Math.round(median * Math.exp(normal));
  }
}
