// One server for all clients: serves their pages, takes their events, and misbehaves as it is told.
import { gunzipSync } from 'node:zlib';
import { LocalServer } from '../../support/local-server.mjs';
import { peers } from './peers.mjs';

const types = { js: 'text/javascript', wasm: 'application/wasm' };

/** The JSON of a body, as any of the clients wraps it. */
function read(bytes) {
  const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
  const text = plain.toString('utf8');
  const wrapped = /^data=([^&]*)/.exec(text)?.[1];
  return JSON.parse(wrapped === undefined ? text : Buffer.from(decodeURIComponent(wrapped), 'base64').toString('utf8'));
}

export class Endpoint extends LocalServer {
  /** What happens to requests with events; each calls store() or not, and answers. */
  behave = healthy;
  /** Token -> ids that were stored with it, one for each copy. */
  stored = new Map();
  /** Epoch milliseconds of the last request with events. */
  lastRequest = Date.now();

  constructor(files) {
    super((request, response) => void this.#answer(request, response));
    this.files = files;
  }

  /** Copies beyond the first of each event, and how many rows they would be where an id is stored once. */
  get extra() {
    const lists = [...this.stored.values()];
    const sum = (size) => lists.reduce((total, ids) => total + size(ids) - 1, 0);
    return { copies: sum((ids) => ids.length), rows: sum((ids) => new Set(ids).size) };
  }

  async #answer(request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const { pathname } = new URL(request.url, this.origin);
    const file = this.files.get(pathname);
    if (request.method === 'GET' && file !== undefined) {
      return void response.writeHead(200, { 'content-type': types[pathname.split('.').pop()] ?? 'text/html', 'cache-control': 'no-cache' }).end(file);
    }
    const peer = peers[pathname.split('/')[1]];
    if (request.method !== 'POST' || peer === undefined) return accept(response, []);
    const events = peer.events(read(Buffer.concat(chunks)));
    const counted = events.filter(({ token }) => typeof token === 'string');
    // What a client sends of its own accord is none of the test's business.
    if (counted.length === 0) return accept(response, events);
    this.lastRequest = Date.now();
    this.behave({ response, store: () => this.#store(counted), accept: () => accept(response, events) });
  }

  #store(events) {
    for (const { id, token } of events) this.stored.set(token, [...(this.stored.get(token) ?? []), id]);
  }
}

/** An answer that each of the clients takes for success. */
function accept(response, events) {
  if (response.destroyed) return;
  const results = events.map(({ id }) => ({ messageId: id, status: 'accepted' }));
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ success: true, status: 1, results }));
}

export const healthy = ({ store, accept: reply }) => {
  store();
  reply();
};

/** Answers `status` and stores nothing. */
export const refusing = (status, headers = {}) => ({ response }) => void response.writeHead(status, headers).end();
