/** The drawing board is 400 by 500 units; garments hang around the middle line x = 200. */
export const board = { width: 400, height: 500, middle: 200 } as const;

export type Point = readonly [x: number, y: number];
/** A straight line to a point, or a cubic curve with its two control points first. */
export type Segment = Point | readonly [x1: number, y1: number, x2: number, y2: number, x: number, y: number];

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function write(segment: Segment): string {
  return segment.length === 2
    ? `L${segment.map(round).join(' ')}`
    : `C${segment.map(round).join(' ')}`;
}

function end(segment: Segment): Point {
  return segment.length === 2 ? segment : [segment[4], segment[5]];
}

function flip(segment: Segment): Segment {
  const across = (x: number): number => 2 * board.middle - x;
  return segment.length === 2
    ? [across(segment[0]), segment[1]]
    : [across(segment[0]), segment[1], across(segment[2]), segment[3], across(segment[4]), segment[5]];
}

export function open(start: Point, segments: readonly Segment[]): string {
  return `M${start.map(round).join(' ')}${segments.map(write).join('')}`;
}

export function closed(start: Point, segments: readonly Segment[]): string {
  return `${open(start, segments)}Z`;
}

/** The path and its mirror image on the other side of the middle line. */
export function pair(start: Point, segments: readonly Segment[]): readonly [string, string] {
  return [closed(start, segments), closed(end(flip(start)), segments.map(flip))];
}

export function openPair(start: Point, segments: readonly Segment[]): readonly [string, string] {
  return [open(start, segments), open(end(flip(start)), segments.map(flip))];
}

/** Closes the right half of an outline with its own mirror image; `start` lies on the middle line. */
export function symmetric(start: Point, segments: readonly Segment[]): string {
  const points: Point[] = [start, ...segments.map(end)];
  const back = segments.map((segment, index): Segment => {
    const target = points[index] ?? start;
    return segment.length === 2 ? target : [segment[2], segment[3], segment[0], segment[1], ...target];
  });
  const mirrored = back.reverse().map(flip);
  return closed(start, [...segments, ...mirrored]);
}

/** `count` values from `from` to `to`, both included. */
export function spread(count: number, from: number, to: number): number[] {
  return Array.from({ length: count }, (_, index) =>
    count === 1 ? (from + to) / 2 : from + ((to - from) * index) / (count - 1),
  );
}
