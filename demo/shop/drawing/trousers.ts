import { hash } from '../catalogue/hash.js';
import { closed, open, openPair, pair, symmetric } from './path.js';
import type { Draw, Sketch, View } from './sketch.js';

/** Measures of the right half, in board units from the middle line. */
interface Cut {
  readonly waist: number;
  readonly hip: number;
  readonly knee: number;
  readonly hemOuter: number;
  readonly hemInner: number;
  readonly hem: number;
  readonly crease: boolean;
  readonly pleats: number;
  readonly cuff: boolean;
}

const top = 44;
const band = 24;
const hipLine = 150;
const crotch = 214;

const cuts: Readonly<Record<string, Cut>> = {
  straight: { waist: 64, hip: 86, knee: 88, hemOuter: 86, hemInner: 26, hem: 462, crease: false, pleats: 0, cuff: false },
  wide: { waist: 62, hip: 90, knee: 116, hemOuter: 134, hemInner: 22, hem: 464, crease: true, pleats: 1, cuff: false },
  tapered: { waist: 64, hip: 90, knee: 82, hemOuter: 68, hemInner: 26, hem: 446, crease: true, pleats: 1, cuff: true },
  flared: { waist: 60, hip: 82, knee: 70, hemOuter: 112, hemInner: 20, hem: 466, crease: false, pleats: 0, cuff: false },
  culotte: { waist: 62, hip: 92, knee: 124, hemOuter: 140, hemInner: 14, hem: 372, crease: true, pleats: 2, cuff: false },
  pleated: { waist: 62, hip: 93, knee: 92, hemOuter: 80, hemInner: 22, hem: 460, crease: true, pleats: 2, cuff: true },
};

function outline(cut: Cut): string {
  const { waist, hip, knee, hemOuter, hemInner, hem } = cut;
  const kneeLine = crotch + (hem - crotch) * 0.48;
  return symmetric([200, top], [
    [200 + waist * 0.5, top + 2, 200 + waist * 0.8, top + 1, 200 + waist, top - 2],
    [200 + waist + 1, top + band],
    [200 + waist + 8, top + 56, 200 + hip - 2, hipLine - 34, 200 + hip, hipLine],
    [200 + hip + 2, hipLine + 60, 200 + knee - 2, kneeLine - 50, 200 + knee, kneeLine],
    [200 + knee, kneeLine + 40, 200 + hemOuter - 3, hem - 60, 200 + hemOuter, hem],
    [200 + hemOuter * 0.75, hem + 5, 200 + hemInner + 12, hem + 5, 200 + hemInner, hem + 2],
    [200 + hemInner * 0.9, kneeLine + 40, 200 + 12, crotch + 60, 200, crotch],
  ]);
}

function folds(cut: Cut): Pick<Sketch, 'shade' | 'light'> {
  const { hemOuter, hemInner, hem, hip } = cut;
  const middle = 200 + (hemOuter + hemInner) / 2;
  return {
    shade: [
      ...pair([200, crotch - 6], [
        [212, crotch + 70, 200 + hemInner + 6, hem - 120, 200 + hemInner, hem + 6],
        [200 + hemInner + 20, hem + 6],
        [200 + hemInner + 24, hem - 120, 232, crotch + 60, 200, crotch - 6],
      ]),
      ...pair([200 + hip, hipLine - 8], [
        [200 + hip - 26, hipLine + 60, 200 + hemOuter - 12, hem - 140, 200 + hemOuter - 10, hem + 6],
        [200 + hemOuter + 4, hem + 6],
        [200 + hemOuter, hem - 120, 200 + hip + 4, hipLine + 60, 200 + hip, hipLine - 8],
      ]),
      closed([200, crotch], [[226, crotch - 12], [236, crotch - 20], [214, crotch - 4]]),
      closed([200, crotch], [[174, crotch - 12], [164, crotch - 20], [186, crotch - 4]]),
    ],
    light: pair([middle - 8, crotch - 20], [
      [middle - 2, crotch + 60, middle - 6, hem - 120, middle - 6, hem],
      [middle + 8, hem],
      [middle + 8, hem - 120, middle + 10, crotch + 60, middle - 8, crotch - 20],
    ]),
  };
}

/** The waistband, and the seam from there between the legs. */
function middleSeams({ waist }: Cut): readonly string[] {
  const line = top + band;
  return [open([200 - waist, line], [[170, line + 4, 230, line + 4, 200 + waist, line]]), open([200, top], [[200, crotch]])];
}

function hemStitches({ hem, hemInner, hemOuter }: Cut): readonly string[] {
  return openPair([200 + hemInner + 2, hem - 9], [[200 + hemOuter * 0.7, hem - 5, 200 + hemOuter - 10, hem - 6, 200 + hemOuter - 2, hem - 9]]);
}

function frontDetails(cut: Cut, seed: string): Pick<Sketch, 'seams' | 'stitches' | 'buttons'> {
  const { waist, hip, hem, hemInner, hemOuter } = cut;
  const line = top + band;
  const pleatsAt = [30, 44].slice(0, cut.pleats);
  const creaseX = 200 + (hemOuter + hemInner) / 2;
  const patch = hash(`${seed}/pocket`) % 4 === 0;
  return {
    seams: [
      ...middleSeams(cut),
      ...openPair([200 + waist - 22, line + 2], [[200 + waist - 16, line + 30, 200 + hip - 18, hipLine - 26, 200 + hip - 2, hipLine - 12]]),
      ...pleatsAt.flatMap((x) => openPair([200 + x, line + 3], [[200 + x + 2, line + 28, 200 + x + 4, line + 40, 200 + x + 5, line + 54]])),
      ...(cut.crease ? openPair([200 + 36, line + 60], [[200 + 42, crotch + 40, creaseX, hem - 120, creaseX, hem]]) : []),
      ...(cut.cuff ? openPair([200 + hemInner + 1, hem - 20], [[200 + hemOuter * 0.6, hem - 15, 200 + hemOuter, hem - 20, 200 + hemOuter, hem - 22]]) : []),
      ...[28, 50].flatMap((x) => openPair([200 + x, top - 1], [[200 + x, line + 4]])),
    ],
    stitches: [
      open([208, line + 2], [[210, hipLine - 10, 212, hipLine + 8, 201, hipLine + 26]]),
      ...(cut.cuff ? [] : hemStitches(cut)),
      ...(patch ? openPair([200 + hip - 46, hipLine + 70], [[200 + hip - 44, hipLine + 128], [200 + hip - 4, hipLine + 126]]) : []),
    ],
    buttons: [[200, top + band / 2]],
  };
}

function backDetails(cut: Cut): Pick<Sketch, 'seams' | 'stitches' | 'buttons'> {
  const line = top + band;
  return {
    seams: [
      ...middleSeams(cut),
      ...openPair([230, line + 3], [[232, line + 20, 233, line + 26, 234, line + 34]]),
      ...openPair([212, line + 42], [[252, line + 39]]),
      ...openPair([212, line + 48], [[252, line + 45]]),
      ...openPair([200, top], [[200, line + 4]]),
      ...openPair([240, top - 1], [[240, line + 4]]),
    ],
    stitches: hemStitches(cut),
    buttons: [[231, line + 48], [169, line + 48]], // of the welt pockets
  };
}

function draw(cut: Cut, view: View, seed: string): Sketch {
  const details = view === 'front' ? frontDetails(cut, seed) : backDetails(cut);
  return { parts: [outline(cut)], ...folds(cut), ...details };
}

export const trousers: Readonly<Record<string, Draw>> = Object.fromEntries(
  Object.entries(cuts).map(([name, cut]) => [name, (view: View, seed: string) => draw(cut, view, seed)]),
);
