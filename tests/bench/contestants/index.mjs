// Each contestant is a module {name, file, create(source)}; `file` is what a page would load of the pack, `source` reads it:
// {bytes(file), text(file), wasm()}. What create() resolves to is used in two steps: begin(visitors) makes every visitor a
// new one; view(visitor, url, at) decides all slots, in the order of the shop's list, as {experience, content}, or something
// without an experience where the default stays. `interpreted`: its time grows with every rule, and fast.
// Each loops over the rules by itself, alike as the loops are: one loop for all would be compiled for the callees of all, and time them together.
import * as closures from './closures.mjs';
import * as growthbook from './growthbook.mjs';
import * as jsonLogicEngine from './json-logic-engine.mjs';
import * as jsonLogicJs from './json-logic-js.mjs';
import * as wayline from './wayline.mjs';

export const contestants = [wayline, closures, jsonLogicEngine, jsonLogicJs, growthbook];
