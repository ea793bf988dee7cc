// One contract, three storages. chromium/faults.test.mjs kills real browsers over the durable one.
import 'fake-indexeddb/auto';
import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { load } from './load.mjs';

globalThis.window = new EventTarget(); // of which IndexedDbStorage hears that the page is left and shown
const { IndexedDbStorage, KeyValueStorage, memoryStorage, localTexts, ResilientStorage, openStorage, uniqueId } = await load(
  'store/indexed-db-storage.ts', 'store/key-value-storage.ts', 'store/resilient-storage.ts', 'store/open-storage.ts', 'store/unique-id.ts');

const reported = [];
const report = (error) => reported.push(error.code);
let count = 0;
beforeEach(() => reported.splice(0));

/** A Storage object of the DOM with a quota in characters. */
function fakeLocalStorage(quota = Infinity) {
  const entries = new Map();
  const methods = {
    getItem: (key) => entries.get(key) ?? null,
    setItem: (key, text) => {
      if (text.length > quota) throw new DOMException('full', 'QuotaExceededError');
      entries.set(key, text);
    },
    removeItem: (key) => entries.delete(key),
  };
  return new Proxy(methods, { ownKeys: () => [...entries.keys()], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }) });
}

/** IndexedDB is imitated here, and slow enough with thousands of events to meet a transaction's time-out on a busy machine. */
const withoutTimeouts = (mock) => mock.timers.enable({ apis: ['setTimeout'] });
const event = (id = uniqueId(), importance = 1, size = 10) => ({ id, importance, size, text: `{"messageId":"${id}"}` });
const put = (storage, events, profile) => storage.commit(() => (profile === undefined ? { events } : { events, profile }), 'relaxed');
const ids = async (storage, number = 100) => (await storage.oldest(number, 1e9, new Set())).map(({ id }) => id);

const kinds = {
  indexeddb: () => IndexedDbStorage.open(`test-${++count}`, report),
  localstorage: () => {
    globalThis.localStorage = fakeLocalStorage();
    return new KeyValueStorage('localstorage', localTexts('test:'), report);
  },
  memory: () => memoryStorage(report),
};

for (const [kind, open] of Object.entries(kinds)) {
  describe(kind, () => {
    test('a commit writes profile, choices and events, and reads profile and choices of the commit before', async () => {
      const storage = await open();
      const seen = [];
      await storage.commit((stored) => (seen.push(stored), { profile: '{"a":1}', choices: '{"b":true}', events: [event('1')] }), 'strict');
      const result = await storage.commit((stored) => (seen.push(stored), { events: [event('2')] }), 'relaxed');
      assert.deepEqual(seen, [{ text: undefined, choices: undefined }, { text: '{"a":1}', choices: '{"b":true}' }]);
      assert.deepEqual(result, { kept: kind, evicted: 0 });
      assert.equal(await storage.readProfile(), '{"a":1}');
      assert.equal(await storage.readSetting('consent'), '{"b":true}');
      assert.deepEqual(await ids(storage), ['1', '2']);
    });

    test('batches are the oldest, bounded by count and bytes, and never empty', async () => {
      const storage = await open();
      await put(storage, ['c', 'a', 'b', 'd'].map((id) => event(id, 1, 400)));
      assert.deepEqual(await ids(storage, 3), ['a', 'b', 'c']);
      assert.deepEqual((await storage.oldest(10, 900, new Set())).map(({ id }) => id), ['a', 'b']);
      assert.deepEqual((await storage.oldest(10, 1, new Set())).map(({ id }) => id), ['a']);
      const without = async (...query) => (await storage.oldest(...query)).map(({ id }) => id);
      assert.deepEqual(await without(2, 1e9, new Set(['b'])), ['a', 'c']);
      assert.deepEqual(await without(10, 1, new Set(['a', 'x'])), ['b']);
      assert.deepEqual(await without(10, 1e9, new Set(['c']), 'b'), ['b', 'd'], 'from there on, itself included');
      assert.deepEqual(await without(2, 1e9, new Set(['a']), 'b '), ['c', 'd']);
      assert.deepEqual(await without(10, 1e9, new Set(), 'e'), []);
      const [first] = await storage.oldest(1, 1e9, new Set());
      assert.deepEqual(first, event('a', 1, 400));
    });

    test('removal is by id, and ids that are gone do no harm', async () => {
      const storage = await open();
      await put(storage, ['a', 'b', 'c'].map((id) => event(id)));
      await storage.remove(['b', 'b', 'never']);
      assert.deepEqual(await ids(storage), ['a', 'c']);
      assert.equal(await storage.count(), 2);
    });

    test('the same id twice is one event', async () => {
      const storage = await open();
      await put(storage, [event('a')]);
      await put(storage, [event('a'), event('b')]);
      assert.deepEqual(await ids(storage), ['a', 'b']);
      assert.equal(await storage.count(), 2);
    });

    test('what is set aside leaves the queue', async () => {
      const storage = await open();
      await put(storage, ['a', 'b'].map((id) => event(id)));
      await storage.setAside(['a'], 'too_large');
      assert.deepEqual(await ids(storage), ['b']);
      assert.equal(await storage.count(), 1);
    });

    test('events of before a time are removed', async () => {
      const storage = await open();
      const old = uniqueId(1_000_000_000_000).replace(/^.{13}/, '00e8d4a5-1000');
      await put(storage, [event(old), event()]);
      assert.equal(await storage.removeOlderThan(1_500_000_000_000), 1);
      assert.equal(await storage.count(), 1);
    });

    test('a full queue evicts the least important, and none of the oldest 500', async ({ mock }) => {
      withoutTimeouts(mock);
      const storage = await open();
      const name = (index) => String(index).padStart(6, '0');
      for (let start = 0; start < 10_000; start += 100) {
        await put(storage, Array.from({ length: 100 }, (_, index) => event(name(start + index), index % 2 === 0 ? 0 : 2)));
      }
      const { evicted } = await put(storage, [event('999999', 2)]);
      assert.equal(evicted, 101);
      const left = new Set(await ids(storage, 20_000));
      assert.equal(left.size, 9_900);
      for (let index = 0; index < 500; index++) assert.ok(left.has(name(index)), `event ${index} may be in flight`);
      for (let index = 1; index < 10_000; index += 2) assert.ok(left.has(name(index)), `event ${index} is important`);
      assert.ok(left.has('999999'));
    });

    test('a queue of too many bytes evicts until it fits', async ({ mock }) => {
      withoutTimeouts(mock);
      const storage = await open();
      const name = (index) => String(index).padStart(6, '0');
      const heavy = (id) => ({ id, importance: 1, size: 30_000, text: 'x'.repeat(30_000) });
      for (let start = 0; start < 660; start += 60) await put(storage, Array.from({ length: 60 }, (_, index) => heavy(name(start + index))));
      const { evicted } = await put(storage, Array.from({ length: 20 }, (_, index) => heavy(name(700 + index))));
      assert.ok(evicted >= 14 && evicted <= 30, `${evicted} evicted`);
      assert.ok((await storage.oldest(1_000, Infinity, new Set())).reduce((sum, { size }) => sum + size, 0) <= 20_000_000);
    });

    test('purge forgets the visitor, with the settings, and keeps the choices that it is told, and assets', async () => {
      const storage = await open();
      await put(storage, [event('a')], '{}');
      await storage.writeSetting('consent', '{"a":true}');
      await storage.writeSetting('pause', '5');
      await storage.writeAsset('program', { bytes: new Uint8Array([1, 2, 3]).buffer, etag: '"1"', savedAt: 5 });
      await storage.purge('{"a":false}');
      assert.equal(await storage.readProfile(), undefined);
      assert.equal(await storage.count(), 0);
      assert.equal(await storage.readSetting('pause'), undefined);
      assert.equal(await storage.readSetting('consent'), '{"a":false}');
      const asset = await storage.readAsset('program');
      assert.deepEqual([...new Uint8Array(asset.bytes)], [1, 2, 3]);
      await storage.removeAsset('program');
      assert.equal(await storage.readAsset('program'), undefined);
    });

    test('commits wait for each other', async () => {
      const storage = await open();
      const add = () => storage.commit(({ text }) => ({ profile: String(Number(text ?? 0) + 1), events: [] }), 'relaxed');
      await Promise.all(Array.from({ length: 50 }, add));
      assert.equal(await storage.readProfile(), '50');
    });
  });
}

/** The open IndexedDB behind a storage, to damage it. */
function database(name, work) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name);
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const transaction = request.result.transaction(['records', 'events', 'assets'], 'readwrite');
      work(transaction);
      transaction.oncomplete = () => resolve(request.result.close());
    };
  });
}

describe('damage', () => {
  test('a flipped, a truncated and a foreign event are set aside alone', async () => {
    const storage = await IndexedDbStorage.open('damaged', report);
    await put(storage, ['a', 'b', 'c', 'd'].map((id) => event(id)));
    await database('damaged', (transaction) => {
      const events = transaction.objectStore('events');
      const good = event('x');
      events.put({ ...good, id: 'a', version: 1, checksum: 1 });
      events.put({ id: 'b' });
      events.put({ ...good, id: 'c', version: 99, checksum: 0 });
    });
    assert.deepEqual(await ids(storage), ['d']);
    assert.deepEqual(reported, ['storage.corrupt', 'storage.corrupt', 'storage.corrupt']);
    assert.equal(await storage.count(), 1);
  });

  test('a damaged profile reads as none, a damaged asset too', async () => {
    const storage = await IndexedDbStorage.open('damaged-profile', report);
    await put(storage, [event('a')], '{"visitor":"v"}');
    await storage.writeAsset('program', { bytes: new Uint8Array([1, 2, 3]).buffer, etag: '', savedAt: 5 });
    await database('damaged-profile', (transaction) => {
      transaction.objectStore('records').put({ version: 1, checksum: 1, text: '{"visitor":"w"}' }, 'profile');
      transaction.objectStore('assets').put({ version: 1, checksum: 1, bytes: new Uint8Array([1, 2, 4]).buffer, etag: '', savedAt: 5 }, 'program');
    });
    assert.equal(await storage.readProfile(), undefined);
    assert.equal(await storage.readAsset('program'), undefined);
    assert.deepEqual(reported, ['storage.corrupt', 'storage.corrupt']);
    assert.deepEqual(await ids(storage), ['a']);
  });

  test('texts that are no records are set aside in localStorage too', async () => {
    globalThis.localStorage = fakeLocalStorage();
    const storage = new KeyValueStorage('localstorage', localTexts('test:'), report);
    await put(storage, ['a', 'b'].map((id) => event(id)));
    localStorage.setItem('test:event:a', 'nonsense');
    assert.deepEqual(await ids(storage), ['b']);
    assert.deepEqual(reported, ['storage.corrupt']);
  });

  test('of what is set aside nothing takes the room of localStorage', async () => {
    globalThis.localStorage = fakeLocalStorage();
    const storage = new KeyValueStorage('localstorage', localTexts('test:'), report);
    const events = Array.from({ length: 120 }, () => event());
    await put(storage, events);
    await storage.setAside(events.map(({ id }) => id), 'too_large');
    assert.deepEqual(Object.keys(localStorage), []);
  });

  test('a database of a later version is used as it is', async () => {
    const storage = await IndexedDbStorage.open('later', report);
    await put(storage, [event('a')], '{}');
    storage.close();
    await new Promise((resolve) => {
      const request = indexedDB.open('later', 7);
      request.onupgradeneeded = () => request.result.createObjectStore('unheard-of');
      request.onsuccess = () => resolve(request.result.close());
    });
    const rolledBack = await IndexedDbStorage.open('later', report);
    await put(rolledBack, [event('b')]);
    assert.deepEqual(await ids(rolledBack), ['a', 'b']);
  });

  test('a closed connection is opened again', async () => {
    const storage = await IndexedDbStorage.open('closed', report);
    await put(storage, [event('a')]);
    storage.close();
    await put(storage, [event('b')]);
    assert.deepEqual(await ids(storage), ['a', 'b']);
  });
});

describe('a page that is left', () => {
  const leave = () => window.dispatchEvent(new Event('pagehide'));
  const showAgain = () => window.dispatchEvent(new Event('pageshow'));
  /** Afterwards: waits until a transaction has begun, which then waits for its first answer. */
  const watchBeginning = ({ mock }) => {
    const begin = mock.method(IDBDatabase.prototype, 'transaction');
    return async () => {
      while (begin.mock.callCount() === 0) await nextTurn();
    };
  };
  /** As the page after it has it: opened later, it was not left. */
  const next = (name) => IndexedDbStorage.open(name, report);

  test('nothing begins in it until it is shown again', async () => {
    const storage = await IndexedDbStorage.open('left', report);
    leave();
    let done = 0;
    const asked = [put(storage, [event('a')], '{}'), storage.readProfile(), storage.count(), storage.removeOlderThan(0)].map((call) => call.then(() => done++));
    const other = await next('left');
    await put(other, [event('b')]);
    assert.deepEqual([done, await ids(other)], [0, ['b']]);
    showAgain();
    await Promise.all(asked);
    assert.deepEqual(await ids(storage), ['a', 'b']);
  });

  test('a commit under way is undone, and its step taken once, onto what is stored at the return', async (context) => {
    const storage = await IndexedDbStorage.open('left-committing', report);
    const begun = watchBeginning(context);
    const steps = [];
    const committing = storage.commit(({ text }) => (steps.push(text), { profile: '"ours"', events: [event('a')] }), 'relaxed');
    await begun();
    leave();
    const other = await next('left-committing');
    await put(other, [event('b')], '"theirs"');
    assert.deepEqual(steps, []);
    showAgain();
    assert.deepEqual(await committing, { kept: 'indexeddb', evicted: 0 });
    assert.deepEqual(steps, ['"theirs"']);
    assert.deepEqual([await storage.readProfile(), await ids(storage)], ['"ours"', ['a', 'b']]);
    assert.deepEqual(reported, []);
  });

  test('a removal under way is undone, and done at the return', async (context) => {
    const storage = await IndexedDbStorage.open('left-removing', report);
    await put(storage, [event('a'), event('b')]);
    const begun = watchBeginning(context);
    const removing = storage.remove(['a']);
    await begun();
    leave();
    assert.deepEqual(await ids(await next('left-removing')), ['a', 'b']);
    showAgain();
    await removing;
    assert.equal(await storage.count(), 1);
  });

  test('a database that is being made is undone, and made by the next page', async () => {
    let opening;
    await new Promise((made) => {
      opening = IndexedDbStorage.open('left-making', report, made);
    });
    leave();
    let anew = false;
    await put(await IndexedDbStorage.open('left-making', report, () => (anew = true)), [event('a')]);
    assert.ok(anew);
    showAgain();
    assert.deepEqual(await ids(await opening), ['a']);
    assert.deepEqual(reported, []);
  });

  test('a commit that has taken its step completes without the page', async () => {
    const storage = await IndexedDbStorage.open('left-stepped', report);
    let committing;
    await new Promise((stepped) => {
      committing = storage.commit(() => (setImmediate(stepped), { events: [event('a')] }), 'relaxed');
    });
    leave();
    assert.deepEqual(await ids(await next('left-stepped')), ['a']);
    assert.equal((await committing).kept, 'indexeddb');
  });
});

describe('fallbacks', () => {
  const withIndexedDb = async (replacement, work) => {
    const real = Object.getOwnPropertyDescriptor(globalThis, 'indexedDB');
    Object.defineProperty(globalThis, 'indexedDB', { configurable: true, value: replacement });
    try {
      return await work();
    } finally {
      Object.defineProperty(globalThis, 'indexedDB', real);
    }
  };
  const refusing = { open: () => { throw new DOMException('no', 'SecurityError'); } };

  test('IndexedDB that refuses: localStorage, and it is said', async () => {
    globalThis.localStorage = fakeLocalStorage();
    const storage = await withIndexedDb(refusing, () => openStorage('refused', report).open());
    assert.equal(storage.kind, 'localstorage');
    assert.deepEqual(reported, ['storage.unavailable']);
  });

  test('what was kept in localStorage while IndexedDB refused is moved when it opens: the later choices, the events, and a profile where there is none', async () => {
    for (const [name, known, profile] of [['moved', undefined, '{"local":1}'], ['merged', '{"known":1}', '{"known":1}']]) {
      globalThis.localStorage = fakeLocalStorage();
      const before = await openStorage(name, report).open();
      await before.commit(() => ({ profile: known, choices: '{"analytics":true}', events: [event('a')] }), 'strict');
      const without = await withIndexedDb(refusing, () => openStorage(name, report).open());
      await without.commit(() => ({ profile: '{"local":1}', choices: '{"analytics":false}', events: [event('b')] }), 'strict');
      localStorage.setItem(`${name}:spill:1`, '[]');
      const storage = await openStorage(name, report).open();
      assert.deepEqual([await storage.readProfile(), await storage.readSetting('consent'), await ids(storage)], [profile, '{"analytics":false}', ['a', 'b']]);
      assert.deepEqual(Object.keys(localStorage), [`${name}:known`, `${name}:spill:1`]);
    }
  });

  test('what was kept in localStorage stays there while the database does not take it', async () => {
    globalThis.localStorage = fakeLocalStorage();
    await openStorage('stays', report).open();
    const without = await withIndexedDb(refusing, () => openStorage('stays', report).open());
    await put(without, [event('b')]);
    const { transaction } = IDBDatabase.prototype;
    IDBDatabase.prototype.transaction = () => { throw new DOMException('full', 'QuotaExceededError'); };
    try {
      const storage = await openStorage('stays', report).open();
      assert.deepEqual(await ids(storage), ['b']);
      assert.deepEqual(Object.keys(localStorage), ['stays:known', 'stays:event:b']);
    } finally {
      IDBDatabase.prototype.transaction = transaction;
    }
  });

  test('IndexedDB that hangs is given up after two attempts of two seconds', async () => {
    globalThis.localStorage = fakeLocalStorage();
    const hanging = { open: () => new IDBOpenDBRequest() };
    const begin = performance.now();
    const storage = await withIndexedDb(hanging, () => openStorage('hanging', report).open());
    const taken = performance.now() - begin;
    assert.equal(storage.kind, 'localstorage');
    assert.ok(taken > 3_900 && taken < 6_000, `${taken} ms`);
  });

  test('a first page is asked to open its storage, or opens it after a second; a later one opens at once', async () => {
    globalThis.localStorage = fakeLocalStorage();
    let opened = 0;
    const counting = { open: () => (opened++, refusing.open()) };
    await withIndexedDb(counting, async () => {
      const begin = performance.now();
      const answers = openStorage('resting', report).ask(async ({ kind }) => kind);
      await new Promise(setImmediate);
      assert.equal(opened, 0);
      assert.equal(await answers, 'localstorage');
      const taken = performance.now() - begin;
      assert.ok(taken > 900 && taken < 3_000, `${taken} ms`);
      const before = opened;
      openStorage('resting', report);
      await new Promise(setImmediate);
      assert.ok(opened > before, 'not the first any more');
    });
  });

  test('nothing at all: memory, and both are said', async () => {
    const real = Object.getOwnPropertyDescriptor(globalThis, 'localStorage');
    Object.defineProperty(globalThis, 'localStorage', { configurable: true, get: () => { throw new DOMException('no', 'SecurityError'); } });
    const storage = await withIndexedDb(refusing, () => openStorage('nothing', report).open());
    assert.equal(storage.kind, 'memory');
    assert.deepEqual(reported, ['storage.unavailable', 'storage.unavailable']);
    Object.defineProperty(globalThis, 'localStorage', real);
  });

  test('events that the disk refuses are kept in memory, sent first and removed', async () => {
    globalThis.localStorage = fakeLocalStorage(300);
    const storage = new ResilientStorage(new KeyValueStorage('localstorage', localTexts('full:'), report), report);
    await put(storage, [event('b')]);
    const big = { ...event('a'), text: 'x'.repeat(500), size: 500 };
    const result = await put(storage, [big]);
    assert.equal(result.kept, 'memory');
    assert.deepEqual(reported, ['storage.failed']);
    assert.equal(await storage.count(), 2);
    assert.deepEqual(await ids(storage), ['a']);
    await storage.remove(['a']);
    assert.deepEqual(await ids(storage), ['b']);
  });

  test('a disk that is full half-way through a commit keeps none of its events, so that each is sent once', async () => {
    globalThis.localStorage = fakeLocalStorage(300);
    const storage = new ResilientStorage(new KeyValueStorage('localstorage', localTexts('half:'), report), report);
    const big = { ...event('b'), text: 'x'.repeat(500), size: 500 };
    assert.equal((await put(storage, [event('a'), big, event('c')])).kept, 'memory');
    assert.equal(await storage.count(), 3);
    const sent = await ids(storage);
    await storage.remove(sent);
    assert.deepEqual([sent, await ids(storage)], [['a', 'b', 'c'], []]);
  });

  test('a database that dies after it was opened: what is in memory is still sent, removed and counted', async () => {
    const durable = await IndexedDbStorage.open('dying', report);
    const storage = new ResilientStorage(durable, report);
    await put(storage, [event('a')]);
    durable.close();
    await withIndexedDb(refusing, async () => {
      assert.equal((await put(storage, [event('b'), event('c')])).kept, 'memory');
      assert.equal(await storage.removeOlderThan(1), 0);
      assert.equal(await storage.count(), 2);
      assert.deepEqual(await ids(storage), ['b', 'c']);
      await storage.remove(['b']);
      await storage.setAside(['c'], 'too_large');
      assert.deepEqual(await ids(storage), []);
      await assert.rejects(storage.remove(['a']), 'what is on the disk was not removed');
    });
    assert.deepEqual(await ids(storage), ['a']);
    assert.equal(reported.every((code) => code === 'storage.failed'), true, String(reported));
  });

  test('the step of a failed commit is not taken twice', async () => {
    const failing = { kind: 'indexeddb', commit: async (work) => { work({ text: undefined }); throw new Error('aborted'); } };
    const storage = new ResilientStorage(failing, report);
    let steps = 0;
    await storage.commit(() => (steps++, { events: [event('a')] }), 'relaxed');
    assert.equal(steps, 1);
  });

  test('a commit that never began is told that the profile is unreadable', async () => {
    const failing = { kind: 'indexeddb', commit: async () => { throw new Error('gone'); } };
    const storage = new ResilientStorage(failing, report);
    const seen = [];
    await storage.commit((stored) => (seen.push(stored), { events: [] }), 'relaxed');
    assert.deepEqual(seen, ['unreadable']);
  });
});
