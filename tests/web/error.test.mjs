// What is thrown is told, whatever it is: telling it throws nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { load } from './load.mjs';

const { WaylineError } = await load('errors/error.ts');

const unreadable = () => {
  throw new Error('no');
};
const revoked = () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};
const frozen = new WaylineError('sdk.bad_call');
Object.freeze(frozen.details);
const thrown = {
  'an error': [new TypeError('wrong'), 'TypeError: wrong'],
  'an error of another frame': [runInNewContext("new RangeError('far')"), 'RangeError: far'],
  'an error of the browser': [new DOMException('none', 'NotFoundError'), 'NotFoundError: none'],
  'an error whose message can not be read': [Object.defineProperty(new Error(), 'message', { get: unreadable }), 'object'],
  'an error whose name can not be read': [Object.defineProperty(new Error('wrong'), 'name', { get: unreadable }), 'object'],
  'a text': ['words', 'words'],
  'a number': [5, '5'],
  nothing: [undefined, 'undefined'],
  null: [null, 'null'],
  'a symbol': [Symbol('mark'), 'Symbol(mark)'],
  'an object': [{ reason: 'own' }, '[object Object]'],
  'an object that is no text': [Object.create(null), 'object'],
  'an object whose text can not be made': [{ toString: unreadable }, 'object'],
  'an object whose text is none': [{ toString: () => ({}), valueOf: () => ({}) }, 'object'],
  'what is revoked': [revoked(), 'object'],
  'an error of ours that is frozen': [frozen, 'object'],
};
for (const [what, [cause, message]] of Object.entries(thrown)) {
  test(`${what} is told`, () => {
    const { code, details, message: text } = WaylineError.from(cause, 'sdk.callback_failed', { slot: 'hero' });
    assert.deepEqual([code, details, text], ['sdk.callback_failed', { slot: 'hero', message }, `sdk.callback_failed: ${message}`]);
  });
}

test('an error of ours stays what it is, and says more', () => {
  const cause = new WaylineError('event.too_large', { size: 5 });
  assert.equal(WaylineError.from(cause, 'sdk.bad_call', { call: 'page' }), cause);
  assert.deepEqual([cause.code, cause.details], ['event.too_large', { size: 5, call: 'page' }]);
});
