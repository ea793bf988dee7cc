// Which signed programs a page takes: every reason to refuse one, and the last known good.
import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { after, before, beforeEach, test } from 'node:test';
import { LocalServer } from '../support/local-server.mjs';
import { load } from './load.mjs';

const { PackSource, memoryStorage, programIn } = await load('pack/pack-source.ts', 'pack/signature.ts', 'store/key-value-storage.ts');

const day = 86_400_000;
const pair = generateKeyPairSync('ed25519');
const other = generateKeyPairSync('ed25519');
const rawOf = ({ publicKey }) => publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
const keyOf = (keys) => rawOf(keys).toString('base64');

/** What `wayline build --sign` writes. */
function seal(text, { keys = pair, version = 1, expires = Date.now() + day } = {}) {
  const numbers = Buffer.alloc(16);
  numbers.writeDoubleLE(version, 0);
  numbers.writeDoubleLE(expires, 8);
  const message = Buffer.concat([Buffer.from(text), Buffer.from('WLSG'), rawOf(keys).subarray(0, 4), numbers]);
  return Buffer.concat([message, sign(null, message, keys.privateKey)]);
}

let server, served, storage, problems;
before(async () => {
  server = await new LocalServer((_, response) => response.writeHead(200).end(served)).start();
});
after(() => server.stop());
beforeEach(() => {
  problems = [];
  storage = memoryStorage((error) => problems.push(error));
});
const source = (keys = [keyOf(pair)]) => new PackSource(`${server.origin}/pack`, () => Promise.resolve(storage), (error) => problems.push(error), keys);
const refused = (reason) => ({ code: 'pack.untrusted', details: { reason, url: `${server.origin}/pack` } });
const textOf = ({ bytes }) => new TextDecoder().decode(programIn(bytes));

async function fetched(bytes, keys) {
  served = bytes;
  return source(keys).fetch();
}

test('a program that the site has signed is taken, without its seal, also from the device', async () => {
  const pack = await fetched(seal('program'));
  assert.equal(textOf(pack), 'program');
  await source().keep(pack);
  assert.equal(textOf(await source().cached()), 'program');
  assert.deepEqual(problems, []);
});

test('either of two keys signs, so that keys can be changed', async () => {
  const keys = [keyOf(other), keyOf(pair)];
  for (const signer of [pair, other]) assert.equal(textOf(await fetched(seal('program', { keys: signer }), keys)), 'program');
});

test('every changed bit is refused, and so is what carries no seal or a stranger\'s', async () => {
  const whole = seal('program');
  for (let index = 0; index < whole.length; index++) {
    const changed = Buffer.from(whole);
    changed[index] ^= 1;
    await assert.rejects(fetched(changed), { code: 'pack.untrusted' }, `byte ${index}`);
  }
  const altered = Buffer.from(whole);
  altered[0] ^= 1;
  await assert.rejects(fetched(altered), refused('signature'));
  await assert.rejects(fetched(Buffer.from('program')), refused('unsigned'));
  await assert.rejects(fetched(Buffer.alloc(0)), refused('unsigned'));
  await assert.rejects(fetched(whole.subarray(0, -1)), { code: 'pack.untrusted' });
  await assert.rejects(fetched(seal('program', { keys: other })), refused('unsigned'));
  await assert.rejects(fetched(seal('program', { version: Number.NaN })), refused('rolled_back'));
});

test('an older program than the kept one is refused, the same one is not', async () => {
  await source().keep(await fetched(seal('five', { version: 5 })));
  await assert.rejects(fetched(seal('four', { version: 4 })), refused('rolled_back'));
  assert.equal(textOf(await fetched(seal('five', { version: 5 }))), 'five');
  assert.equal(textOf(await source().cached()), 'five');
});

test('an expired program is refused, from the server and from the device', async (context) => {
  await assert.rejects(fetched(seal('old', { expires: Date.now() - 1 })), refused('expired'));
  await source().keep(await fetched(seal('program')));
  context.mock.timers.enable({ apis: ['Date'], now: Date.now() + 2 * day });
  assert.equal(await source().cached(), undefined);
  assert.deepEqual(problems.map(({ details }) => details.reason), ['expired']);
});

test('what was kept before the site had a key is not used once it has one', async () => {
  served = Buffer.from('program');
  await source([]).keep(await source([]).fetch());
  assert.equal(await source().cached(), undefined);
});

test('a site without a key takes signed programs as well, and of one that is not signed all', async () => {
  assert.equal(textOf(await fetched(seal('program'), [])), 'program');
  const unsigned = 'program'.repeat(100);
  assert.equal(textOf(await fetched(Buffer.from(unsigned), [])), unsigned);
});

test('a browser without Ed25519 checks the rest, and that is reported', async (context) => {
  context.mock.method(crypto.subtle, 'importKey', () => Promise.reject(new DOMException('', 'NotSupportedError')));
  assert.equal(textOf(await fetched(seal('program'))), 'program');
  assert.deepEqual(problems.map(({ details }) => details.reason), ['unverifiable']);
  await assert.rejects(fetched(seal('old', { expires: 1 })), refused('expired'));
});

test('a key that is none is a mistake of the site', () => {
  for (const text of ['', 'AAAA', '%', `${'A'.repeat(42)}=`, `${'_'.repeat(43)}=`]) assert.throws(() => source([text]), { code: 'sdk.bad_configuration' });
});
