// Dependencies run one way (design 3): demo -> web -> wasm -> core, and inside core/src down the list of rooms.
import assert from 'node:assert/strict';
import { posix } from 'node:path';
import { test } from 'node:test';
import { lines, paths, read } from './tree.mjs';

const rooms = ['base', 'value', 'rules', 'document', 'program', 'profile', 'journey', 'decision', 'engine', 'analysis'];

const includes = (path) => [...read(path).matchAll(/^\s*#\s*include\s*[<"]([^>"]+)[>"]/gm)].map((match) => match[1]);

test('core/src has the rooms of the design and no others', () => {
  const found = new Set(paths(/^core\/src\//).map((path) => path.split('/')[2]));
  assert.deepEqual([...found].filter((room) => !rooms.includes(room)), []);
});

for (const [index, room] of rooms.entries()) {
  test(`core/src/${room} uses only itself and earlier rooms`, () => {
    const wrong = [];
    for (const path of paths(new RegExp(`^core/src/${room}/.*\\.(h|cpp)$`))) {
      for (const included of includes(path)) {
        const target = included.startsWith('.') ? posix.join(posix.dirname(path), included).replace(/^core\/src\//, '') : included;
        const other = rooms.indexOf(target.split('/')[0]);
        if (other > index) wrong.push(`${path} includes ${included}`);
      }
    }
    assert.deepEqual(wrong, []);
  });
}

test('core knows no host: nothing of cli, wasm, web or demo is included in core/src or core/include', () => {
  const wrong = paths(/^core\/(src|include)\/.*\.(h|cpp)$/).flatMap((path) =>
    includes(path).filter((included) => /(^|\/)(cli|wasm|web|demo|emscripten)\//.test(included)).map((included) => `${path}: ${included}`));
  assert.deepEqual(wrong, []);
});

test('core has no clock, randomness, environment or locale of its own', () => {
  const host = /\b(std::random_device|std::mt19937\w*|system_clock::now|steady_clock::now|std::getenv|getenv\(|setlocale|std::locale|std::rand\b|::time\(|localtime)/;
  assert.deepEqual(lines(paths(/^core\/(src|include)\/.*\.(h|cpp)$/), host), []);
});

// The page's module looks up no text beyond these (engine_code_text), and carries them all.
test('the codes up to engine_disposed are those that the engine and its exports use', () => {
  const codes = [...read('core/include/wayline/errors.def').matchAll(/^WAYLINE_ERROR\((\w+),/gm)].map((match) => match[1]);
  const runtime = /set\(RUNTIME_SOURCES([^)]*)\)/.exec(read('core/CMakeLists.txt'))[1].match(/src\/\S+\.cpp/g);
  const files = [...runtime.map((path) => `core/${path}`), ...paths(/^wasm\/.*\.(h|cpp)$/), ...paths(/^core\/src\/(base|value|rules|program|profile|journey|decision|engine)\/.*\.h$/)];
  const used = new Set(files.flatMap((path) => [...read(path).matchAll(/ErrorCode::(\w+)/g)].map((match) => match[1])));
  used.delete('engine_disposed');
  assert.deepEqual(codes.slice(0, codes.indexOf('engine_disposed')).toSorted(), [...used].toSorted());
});

test('nlohmann/json stays in value/ and document/', () => {
  const users = paths(/^core\/(src|include)\/.*\.(h|cpp)$/).filter((path) => includes(path).some((included) => included.startsWith('nlohmann/')));
  assert.deepEqual(users.filter((path) => !/^core\/src\/(value|document)\//.test(path)), []);
});

const webRooms = ['errors', 'time', 'consent', 'engine', 'store', 'tabs', 'navigation', 'pack', 'delivery', 'slots', 'early', 'client', 'adapters', 'panel'];

for (const [index, room] of webRooms.entries()) {
  test(`web/src/${room} uses only itself and earlier rooms`, () => {
    const wrong = paths(new RegExp(`^web/src/${room}/.*\\.ts$`)).flatMap((path) =>
      [...read(path).matchAll(/(?:from|import)\s+['"](\.[^'"]+)['"]/g)]
        .map((match) => posix.join(posix.dirname(path), match[1]))
        .filter((target) => webRooms.indexOf(target.split('/')[2]) > index || !target.startsWith('web/src/'))
        .map((target) => `${path}: ${target}`));
    assert.deepEqual(wrong, []);
  });
}

test('web/src has no rooms but these', () => {
  const found = new Set(paths(/^web\/src\/[^/]+\//).map((path) => path.split('/')[2]));
  assert.deepEqual([...found].filter((room) => !webRooms.includes(room)), []);
});

test('only web/src/engine knows that WebAssembly exists', () => {
  const outside = paths(/^web\/src\/.*\.ts$/).filter((path) => !path.startsWith('web/src/engine/'));
  assert.deepEqual(lines(outside, /\bWebAssembly\b/), []);
});

test('the SDK imports nothing of the demo', () => {
  const wrong = paths(/^web\/src\/.*\.ts$/).flatMap((path) =>
    [...read(path).matchAll(/from\s+['"](\.[^'"]+)['"]/g)].map((match) => posix.join(posix.dirname(path), match[1])).filter((target) => !target.startsWith('web/')).map((target) => `${path}: ${target}`));
  assert.deepEqual(wrong, []);
});
