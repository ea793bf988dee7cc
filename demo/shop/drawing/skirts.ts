import { closed, open, openPair, pair, spread, symmetric } from './path.js';
import type { Point, Segment } from './path.js';
import type { Draw, View } from './sketch.js';

const top = 66;
const band = 20;
const waist = 58;

interface Cut {
  readonly hip: number;
  readonly hemHalf: number;
  readonly hem: number;
}

const pencil: Cut = { hip: 92, hemHalf: 80, hem: 420 };
const aline: Cut = { hip: 96, hemHalf: 138, hem: 396 };
const pleatedCut: Cut = { hip: 90, hemHalf: 146, hem: 424 };
const wrapCut: Cut = { hip: 94, hemHalf: 112, hem: 408 };
const buttonedCut: Cut = { hip: 94, hemHalf: 122, hem: 428 };

function outline({ hip, hemHalf, hem }: Cut): string {
  const hipLine = 170;
  return symmetric([200, top], [
    [220, top + 3, 200 + waist * 0.8, top + 1, 200 + waist, top - 2],
    [200 + waist + 1, top + band],
    [200 + waist + 14, top + 56, 200 + hip - 4, hipLine - 28, 200 + hip, hipLine],
    [200 + hip + (hemHalf - hip) * 0.3, hipLine + 80, 200 + hemHalf - 4, hem - 90, 200 + hemHalf, hem - 8],
    [200 + hemHalf * 0.6, hem + 10, 220, hem + 10, 200, hem + 10],
  ]);
}

/** A fold that starts as a point at the waist and opens towards the hem. */
function gore(from: Point, to: Point, width: number): string {
  const bend = (to[1] - from[1]) * 0.5;
  return closed(from, [
    [from[0] + (to[0] - from[0]) * 0.3, from[1] + bend, to[0], to[1] - bend * 0.7, to[0], to[1]],
    [to[0] + width, to[1]],
    [to[0] + width * 0.8, to[1] - bend * 0.7, from[0] + (to[0] - from[0]) * 0.3 + width * 0.4, from[1] + bend, from[0], from[1]],
  ]);
}

function waistband(view: View): readonly string[] {
  const line = top + band;
  const seam = open([200 - waist, line], [[180, line + 4, 220, line + 4, 200 + waist, line]]);
  return view === 'back' ? [seam, open([200, top + 2], [[200, 180]])] : [seam];
}

function darts(): readonly string[] {
  return openPair([232, top + band + 3], [[235, top + 52, 237, top + 64, 238, top + 78]]);
}

function hemStitch({ hemHalf, hem }: Cut): string {
  return open([200 - hemHalf + 3, hem - 18], [[200 - hemHalf * 0.6, hem, 200 + hemHalf * 0.6, hem, 200 + hemHalf - 3, hem - 18]]);
}

const drawPencil: Draw = (view) => ({
  parts: [outline(pencil)],
  shade: [...pair([292, 170], [[276, 260, 272, 340, 270, 432], [284, 432], [284, 300, 294, 240, 292, 170]]), gore([200, 190], [192, 432], 14)],
  light: pair([240, 150], [[246, 240, 240, 330, 238, 428], [252, 428], [254, 330, 258, 240, 240, 150]]),
  seams: [...waistband(view), ...darts(), ...(view === 'back' ? [open([200, 180], [[200, 430]]), open([212, 340], [[212, 430]])] : [])],
  stitches: [hemStitch(pencil)],
});

const drawAline: Draw = (view) => ({
  parts: [outline(aline)],
  shade: [gore([160, 150], [96, 404], 22), gore([238, 150], [272, 406], 24), gore([200, 190], [188, 410], 16)],
  light: [gore([180, 140], [140, 406], 18), gore([226, 140], [240, 408], 16)],
  seams: [...waistband(view), ...darts(), ...(view === 'front' ? openPair([200 + waist - 14, top + 24], [[280, 130, 284, 150, 288, 164]]) : [])],
  stitches: [hemStitch(aline)],
});

const drawPleated: Draw = (view) => {
  const count = 11;
  const tops = spread(count, 200 - waist + 6, 200 + waist - 6);
  const hems = spread(count, 200 - pleatedCut.hemHalf + 10, 200 + pleatedCut.hemHalf - 10);
  const line = (index: number): [Point, Segment] => {
    const x = tops[index] ?? 200;
    const bottom = hems[index] ?? 200;
    return [[x, top + band + 3], [x + (bottom - x) * 0.45, 190, bottom, 300, bottom, 430]];
  };
  return {
    parts: [outline(pleatedCut)],
    shade: tops.map((x, index) => gore([x, top + band + 3], [hems[index] ?? 200, 436], 13)),
    light: tops.map((x, index) => gore([x - 2, top + band + 8], [(hems[index] ?? 200) - 8, 436], 5)),
    seams: [...waistband(view), ...tops.map((_, index) => open(line(index)[0], [line(index)[1]]))],
  };
};

const drawTiered: Draw = (view) => {
  const tiers = [
    { y: top + band, next: 184, from: waist + 1, to: 96 },
    { y: 184, next: 304, from: 100, to: 124 },
    { y: 304, next: 440, from: 128, to: 152 },
  ];
  const parts = [
    symmetric([200, top], [[220, top + 3, 240, top + 1, 200 + waist, top - 2], [200 + waist + 1, top + band + 2], [200, top + band + 6]]),
    ...tiers.map(({ y, next, from, to }) =>
      symmetric([200, y], [
        [200 + from, y - 2],
        [200 + from + 10, y + 30, 200 + to, next - 40, 200 + to, next],
        [200 + to * 0.6, next + 9, 220, next + 9, 200, next + 9],
      ]),
    ),
  ];
  return {
    parts: [...parts].reverse(),
    shade: tiers.flatMap(({ y, next, from, to }) => {
      const ends = spread(7, -to + 14, to - 24);
      return spread(7, -from + 10, from - 10).map((x, index) => gore([200 + x, y + 2], [200 + (ends[index] ?? 0), y + (next - y) * (0.55 + 0.3 * (index % 2))], 8));
    }),
    seams: [...waistband(view), ...tiers.slice(1).map(({ y, from }) => open([200 - from, y], [[200 - from * 0.5, y + 8, 200 + from * 0.5, y + 8, 200 + from, y]]))],
    stitches: [open([52, 428], [[110, 444, 290, 444, 348, 428]])],
  };
};

const drawWrap: Draw = (view) => {
  const front = view === 'front';
  return {
    parts: [
      outline(wrapCut),
      ...(front ? [closed([146, top + 2], [[180, top + 6, 230, top + 4, 258, top - 2], [260, top + 30], [286, 140, 296, 170, 298, 210], [292, 270, 262, 360, 214, 414], [170, 420, 120, 412, 92, 398], [100, 300, 110, 190, 146, top + 2]])] : []),
      ...(front ? [closed([252, top], [[268, top + 4], [276, 150], [262, 154]]), closed([256, top + 6], [[284, 120], [300, 132], [268, 96]])] : []),
    ],
    shade: [gore([250, 96], [150, 412], 20), gore([254, 96], [196, 414], 12), gore([170, 110], [108, 404], 14)],
    light: [gore([240, 100], [126, 410], 14)],
    seams: waistband(view),
    stitches: front ? [open([284, 214], [[278, 272, 250, 352, 206, 402]])] : [hemStitch(wrapCut)],
  };
};

const drawButtoned: Draw = (view) => ({
  parts: [outline(buttonedCut)],
  shade: [gore([162, 140], [104, 434], 20), gore([240, 140], [262, 436], 22), gore([214, 150], [216, 438], 10)],
  light: [gore([180, 140], [140, 436], 16), gore([228, 140], [240, 438], 12)],
  seams: [
    ...waistband(view),
    ...(view === 'front' ? [open([190, top + 2], [[190, 437]]), open([210, top + 2], [[210, 437]])] : []),
    ...openPair([200 + waist - 12, top + 24], [[276, 126, 282, 146, 288, 168]]),
  ],
  stitches: [hemStitch(buttonedCut)],
  buttons: view === 'front' ? spread(8, top + 11, 392).map((y): Point => [200, y]) : [],
});

export const skirts: Readonly<Record<string, Draw>> = {
  pencil: drawPencil,
  aline: drawAline,
  pleated: drawPleated,
  tiered: drawTiered,
  wrap: drawWrap,
  buttoned: drawButtoned,
};
