const counterBits = 0xfff;
let lastTime = 0;
let counter = 0;

/** UUIDv7 (RFC 9562, 6.2 method 1): sortable by time, and ascending within this page even when its clock goes back. */
export function uniqueId(now: number = Date.now()): string {
  // A page that set its clock by a server's may have parts of milliseconds.
  now = Math.floor(now);
  const random = crypto.getRandomValues(new Uint8Array(10));
  if (now > lastTime) {
    lastTime = now;
    counter = ((random[0]! << 8) | random[1]!) & (counterBits >> 1);
  } else if (++counter > counterBits) {
    lastTime++;
    counter = 0;
  }
  const variant = (random[2]! & 0x3f) | 0x80;
  const tail = [variant, ...random.subarray(3)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const time = lastTime.toString(16).padStart(12, '0');
  const version = `7${counter.toString(16).padStart(3, '0')}`;
  return `${time.slice(0, 8)}-${time.slice(8)}-${version}-${tail.slice(0, 4)}-${tail.slice(4)}`;
}

/** The smallest id that can be made at `time`: a bound for ranges. */
export function smallestIdAt(time: number): string {
  const text = Math.max(0, Math.floor(time)).toString(16).padStart(12, '0');
  return `${text.slice(0, 8)}-${text.slice(8)}`;
}
