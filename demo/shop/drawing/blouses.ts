import type { Point } from './path.js';
import { closed, open, openPair, pair, spread, symmetric } from './path.js';
import type { Draw } from './sketch.js';

const hem = 396;

interface Body {
  readonly neck: number;
  readonly neckDepth: number;
  readonly shoulder: number;
  readonly chest: number;
  readonly waist: number;
  readonly hemHalf: number;
  readonly hem: number;
  readonly hemDrop: number;
}

const shirtBody: Body = { neck: 34, neckDepth: 96, shoulder: 98, chest: 92, waist: 84, hemHalf: 92, hem: hem - 14, hemDrop: 34 };
const softBody: Body = { neck: 32, neckDepth: 98, shoulder: 94, chest: 90, waist: 86, hemHalf: 94, hem, hemDrop: 8 };
const smockBody: Body = { neck: 44, neckDepth: 110, shoulder: 92, chest: 98, waist: 106, hemHalf: 116, hem: hem - 6, hemDrop: 8 };
const wrapBody: Body = { neck: 36, neckDepth: 190, shoulder: 92, chest: 88, waist: 74, hemHalf: 96, hem: hem - 10, hemDrop: 8 };
const shellBody: Body = { neck: 38, neckDepth: 112, shoulder: 74, chest: 86, waist: 82, hemHalf: 92, hem: hem - 4, hemDrop: 8 };
const campBody: Body = { neck: 34, neckDepth: 142, shoulder: 100, chest: 100, waist: 98, hemHalf: 100, hem: hem - 8, hemDrop: 6 };

const shoulderLine = 84;
const underarm = 176;

function torso(body: Body): string {
  const { neck, neckDepth, shoulder, chest, waist, hemHalf } = body;
  return symmetric([200, neckDepth], [
    [200 + neck * 0.6, neckDepth - 1, 200 + neck * 0.9, shoulderLine + 6, 200 + neck, shoulderLine - 10],
    [200 + shoulder, shoulderLine + 14],
    [200 + shoulder - 8, shoulderLine + 50, 200 + chest - 6, underarm - 22, 200 + chest, underarm],
    [200 + chest - 4, underarm + 50, 200 + waist, underarm + 70, 200 + waist, underarm + 100],
    [200 + waist, underarm + 140, 200 + hemHalf - 2, body.hem - 60, 200 + hemHalf, body.hem],
    [200 + hemHalf * 0.7, body.hem + body.hemDrop * 0.4, 224, body.hem + body.hemDrop, 200, body.hem + body.hemDrop],
  ]);
}

function inside({ neck }: Body): string {
  return closed([200 - neck, shoulderLine - 10], [[180, shoulderLine - 4, 220, shoulderLine - 4, 200 + neck, shoulderLine - 10], [200 + neck, shoulderLine + 30], [200, shoulderLine + 110], [200 - neck, shoulderLine + 30]]);
}

function longSleeves({ shoulder, chest }: Body, volume: number): readonly [string, string] {
  return pair([200 + shoulder - 8, shoulderLine + 8], [
    [200 + shoulder + 22 + volume, shoulderLine + 40, 200 + shoulder + 34 + volume, 240, 200 + shoulder + 42 + volume * 0.7, 356],
    [200 + shoulder + 8, 368],
    [200 + shoulder - 2 - volume * 0.2, 300, 200 + chest + 2, 240, 200 + chest - 8, underarm - 6],
  ]);
}

function cuffs({ shoulder }: Body, volume: number): readonly [string, string] {
  const outer = 200 + shoulder + 40 + volume * 0.35;
  const inner = 200 + shoulder + 8;
  return pair([outer, 354], [[outer + 1, 378], [inner + 4, 388], [inner, 366]]);
}

function shortSleeves({ shoulder, chest }: Body, length: number): readonly [string, string] {
  return pair([200 + shoulder - 8, shoulderLine + 8], [
    [200 + shoulder + 16, shoulderLine + 24, 200 + shoulder + 38, shoulderLine + 70, 200 + shoulder + 46, shoulderLine + length],
    [200 + shoulder + 20, shoulderLine + length + 18, 200 + chest + 6, shoulderLine + length + 14, 200 + chest - 2, shoulderLine + length + 10],
    [200 + chest - 4, underarm],
  ]);
}

function drape({ chest, waist }: Body): readonly string[] {
  return [
    ...pair([200 + chest, underarm - 4], [[200 + chest - 26, 240, 200 + waist - 22, 310, 200 + waist - 14, 410], [200 + waist + 30, 410], [200 + waist, 300, 200 + chest - 6, 240, 200 + chest, underarm - 4]]),
    ...pair([200 + chest - 2, underarm], [[262, underarm + 8, 250, underarm + 14, 242, underarm + 26], [254, underarm + 20, 268, underarm + 16, 200 + chest - 2, underarm + 12]]),
  ];
}

function glow({ hemHalf }: Body): readonly string[] {
  return pair([236, 130], [[246, 210, 240, 300, 200 + hemHalf * 0.5, 396], [200 + hemHalf * 0.66, 396], [254, 300, 262, 210, 236, 130]]);
}

function sleeveFolds({ shoulder }: Body): readonly string[] {
  return openPair([200 + shoulder + 10, 236], [[200 + shoulder + 18, 244, 200 + shoulder + 24, 246, 200 + shoulder + 32, 244]]);
}

function armholes({ shoulder, chest }: Body): readonly string[] {
  return openPair([200 + shoulder - 8, shoulderLine + 10], [[200 + shoulder - 18, shoulderLine + 44, 200 + chest - 12, underarm - 26, 200 + chest - 2, underarm]]);
}

function yoke(body: Body): string {
  return open([200 - body.shoulder + 10, 116], [[160, 128, 240, 128, 200 + body.shoulder - 10, 116]]);
}

function collar(): readonly [string, string] {
  return pair([200, 104], [[214, 92, 228, 80, 232, 66], [246, 82, 250, 100, 246, 124], [230, 122, 214, 114, 200, 104]]);
}

function stand(): string {
  return closed([168, 74], [[182, 84, 218, 84, 232, 74], [230, 60, 170, 60, 168, 74]]);
}

const shirt: Draw = (view) => {
  const front = view === 'front';
  return {
    inside: [inside(shirtBody), stand()],
    parts: [...longSleeves(shirtBody, 0), ...cuffs(shirtBody, 0), torso(front ? shirtBody : { ...shirtBody, neckDepth: 80 }), ...(front ? collar() : [stand()])],
    shade: drape(shirtBody),
    light: glow(shirtBody),
    seams: [...armholes(shirtBody), ...sleeveFolds(shirtBody), ...(front ? [open([190, 106], [[190, 414]]), open([210, 106], [[210, 414]])] : [yoke(shirtBody), open([200, 126], [[200, 190]])])],
    stitches: [open([110, 376], [[150, 394, 170, 408, 200, 409]]), open([290, 376], [[250, 394, 230, 408, 200, 409]])],
    buttons: front ? spread(7, 120, 376).map((y): Point => [200, y]) : [],
  };
};

const bow: Draw = (view) => {
  const front = view === 'front';
  return {
    inside: [inside(softBody)],
    parts: [
      ...longSleeves(softBody, 14),
      ...cuffs(softBody, 14),
      torso(front ? softBody : { ...softBody, neckDepth: 78 }),
      stand(),
      ...(front
        ? [
            closed([202, 98], [[212, 150, 226, 190, 240, 236], [222, 240], [206, 190, 198, 140, 196, 104]]),
            closed([198, 98], [[186, 150, 178, 180, 160, 222], [178, 228], [192, 180, 202, 140, 204, 104]]),
            ...pair([200, 98], [[220, 72, 250, 66, 262, 84], [268, 104, 250, 124, 230, 118], [216, 112, 206, 106, 200, 98]]),
            closed([191, 90], [[209, 90], [211, 110], [189, 110]]),
          ]
        : []),
    ],
    shade: drape(softBody),
    light: glow(softBody),
    seams: [...armholes(softBody), ...sleeveFolds(softBody), ...(front ? [open([200, 240], [[200, 402]])] : [yoke(softBody)])],
    stitches: [open([110, 390], [[150, 400, 250, 400, 290, 390]])],
  };
};

const smock: Draw = (view) => {
  const front = view === 'front';
  const gathers = spread(13, 132, 268);
  return {
    inside: [inside(smockBody)],
    parts: [...longSleeves(smockBody, 30), ...cuffs(smockBody, 24), torso(front ? smockBody : { ...smockBody, neckDepth: 86 })],
    shade: [...drape(smockBody), ...gathers.map((x, index) => closed([x, 150], [[x - 3, 176 + (index % 3) * 14], [x + (x - 200) * 0.12, 216 + (index % 2) * 30], [x + 4, 176]]))],
    light: glow(smockBody),
    seams: [
      ...armholes(smockBody),
      ...sleeveFolds(smockBody),
      open([112, 146], [[150, 154, 250, 154, 288, 146]]),
      ...(front ? [open([200, 112], [[200, 152]])] : []),
      ...gathers.map((x) => open([x, 150], [[x + (x - 200) * 0.03, 164]])),
    ],
    stitches: [open([90, 382], [[140, 394, 260, 394, 310, 382]]), open([114, 140], [[150, 148, 250, 148, 286, 140]])],
    buttons: front ? [[200, 122], [200, 140]] : [],
  };
};

const wrap: Draw = (view) => {
  const front = view === 'front';
  return {
    inside: [inside({ ...wrapBody, neckDepth: 180 })],
    parts: [
      ...longSleeves(wrapBody, 6),
      torso(front ? wrapBody : { ...wrapBody, neckDepth: 84 }),
      ...(front
        ? [
            closed([236, 74], [[252, 80], [262, 150, 226, 250, 128, 292], [122, 284, 122, 270, 124, 262], [190, 220, 226, 140, 236, 74]]),
            closed([124, 262], [[180, 280, 230, 280, 276, 266], [276, 286], [230, 300, 180, 300, 126, 292]]),
            closed([126, 270], [[112, 320], [124, 328], [136, 286]]),
            closed([124, 274], [[92, 306], [98, 320], [132, 288]]),
          ]
        : [closed([124, 262], [[180, 278, 220, 278, 276, 262], [276, 284], [220, 298, 180, 298, 124, 284]])]),
    ],
    shade: drape(wrapBody),
    light: glow(wrapBody),
    seams: [...armholes(wrapBody), ...sleeveFolds(wrapBody), ...openPair([150, 300], [[156, 330, 150, 360, 146, 386]])],
    stitches: [open([108, 378], [[150, 390, 250, 390, 292, 378]])],
  };
};

const shell: Draw = (view) => {
  const front = view === 'front';
  return {
    inside: [inside(shellBody)],
    parts: [torso(front ? shellBody : { ...shellBody, neckDepth: 84 })],
    shade: drape(shellBody),
    light: glow(shellBody),
    seams: [...openPair([284, 184], [[268, 190, 258, 196, 250, 206]]), ...(front ? [] : [open([200, 84], [[200, 150]])])],
    stitches: [
      ...openPair([264, 100], [[258, 130, 268, 160, 280, 176]]),
      ...(front ? [open([166, 84], [[170, 112, 184, 119, 200, 119], [216, 119, 230, 112, 234, 84]])] : []),
      open([112, 382], [[150, 392, 250, 392, 288, 382]]),
    ],
    buttons: front ? [] : [[203, 92]],
  };
};

const camp: Draw = (view) => {
  const front = view === 'front';
  const lapels = pair([200, 146], [[208, 122, 228, 96, 234, 68], [250, 76, 258, 90, 262, 106], [244, 108], [250, 124, 226, 140, 200, 146]]);
  return {
    inside: [inside({ ...campBody, neckDepth: 130 })],
    parts: [...shortSleeves(campBody, 104), torso(front ? campBody : { ...campBody, neckDepth: 80 }), ...(front ? lapels : [stand()])],
    shade: drape(campBody),
    light: glow(campBody),
    seams: [...armholes(campBody), ...(front ? [open([200, 148], [[200, 395]]), open([232, 190], [[268, 188], [268, 226], [250, 234], [232, 227], [232, 190]])] : [yoke(campBody)])],
    stitches: [...openPair([246, 196], [[254, 198]]), ...openPair([338, 180], [[320, 194, 310, 196, 302, 190]]), open([104, 380], [[150, 388, 250, 388, 296, 380]])],
    buttons: front ? spread(5, 164, 360).map((y): Point => [206, y]) : [],
  };
};

export const blouses: Readonly<Record<string, Draw>> = { shirt, bow, smock, wrap, shell, camp };
