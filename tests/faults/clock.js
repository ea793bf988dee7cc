// A clock that a test can set, for pages: shiftClock(milliseconds) moves the wall clock, also of the pages that follow; and waits of 20 to
// 60 s (time-outs of requests, late retries) pass twenty times as fast; a driver's own limit is a minute. performance.now() is left alone: nobody sets it.
(() => {
  const key = 'test-clock';
  const Native = Date;
  let offset = Number(localStorage.getItem(key) ?? 0);
  window.Date = class Date extends Native {
    constructor(...parts) {
      if (parts.length === 0) super(Native.now() + offset);
      else super(...parts);
    }
    static now() {
      return Native.now() + offset;
    }
  };
  window.shiftClock = (milliseconds) => {
    offset += milliseconds;
    localStorage.setItem(key, String(offset));
  };
  const native = window.setTimeout.bind(window);
  window.setTimeout = (work, milliseconds, ...rest) => native(work, milliseconds >= 20_000 && milliseconds < 60_000 ? milliseconds / 20 : milliseconds, ...rest);
})();
