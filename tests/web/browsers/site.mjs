// A small site for browser tests: pages with the strictest policy that the SDK promises to work under, and an endpoint that can be told to misbehave.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from '../../support/built.mjs';
import { LocalServer } from '../../support/local-server.mjs';

/** The SDK's tag, with these further attributes. */
export const tag = (attributes = '') => `<script async src="/wayline.js" data-pack="/v1/pack" data-endpoint="/v1" data-write-key="test" ${attributes}></script>`;

/** Design 10: no inline script, no eval, Trusted Types for every sink. */
export const strictPolicy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; style-src 'self'; img-src 'self'; require-trusted-types-for 'script'; trusted-types wayline";

const probe = readFileSync(new URL('probe.js', import.meta.url));
const types = { js: 'text/javascript', mjs: 'text/javascript', wasm: 'application/wasm', html: 'text/html' };

export class Site extends LocalServer {
  /** Path -> text or bytes. */
  files = new Map([['/favicon.ico', ''], ['/probe.js', probe]]);
  /** Bodies of POST /v1/batch in their order. */
  batches = [];
  /** Ids that were confirmed. */
  rows = new Set();
  /** The pack's kill switch. */
  withdrawn = false;
  /** The network is gone: connections are cut, before anything is read. */
  offline = false;
  /** Of every page. */
  policy = strictPolicy;
  /** Of a path: how long a browser may keep what it answers, as `cache-control` says it. */
  keeping = () => 'no-cache';
  /** Given the path of a GET: a promise to wait for, or nothing. */
  delay = () => undefined;
  /** Called before a batch is answered: may answer itself, and return true. */
  misbehave = () => false;

  constructor() {
    // A browser that is closed cuts its requests off.
    super((request, response) => this.#answer(request, response).catch((cause) => assert.equal(cause.message, 'aborted')));
  }

  /** The events of all batches in their order, copies included. */
  get events() {
    return this.batches.flatMap(({ batch }) => batch);
  }

  page(path, body, scripts = []) {
    const tags = scripts.map((script) => (script.startsWith('<') ? script : `<script src="${script}"></script>`)).join('');
    this.files.set(path, `<!doctype html><html lang="en"><meta charset="utf-8"><title>${path}</title>${tags}<body>${body}</body></html>`);
    return this;
  }

  /** Serves this pack, the engine, and these files of the build. */
  ship(program, ...names) {
    this.files.set('/v1/pack', Buffer.from(program));
    for (const name of ['wayline.wasm', ...names]) this.files.set(`/${name}`, readFileSync(join(build, 'web', name)));
    return this;
  }

  /** Stores the events of a batch; gives the body of the answer. */
  store({ batch }) {
    const results = batch.map(({ messageId }) => ({ messageId, status: this.rows.has(messageId) ? 'duplicate' : 'accepted' }));
    for (const { messageId } of batch) this.rows.add(messageId);
    return JSON.stringify({ success: true, results });
  }

  async #answer(request, response) {
    if (this.offline) return void request.socket.destroy();
    const { pathname } = new URL(request.url, this.origin);
    if (request.method === 'POST' && pathname === '/v1/batch') return this.#take(request, response);
    if (pathname === '/v1/pack' && this.withdrawn) return void response.writeHead(410).end();
    await this.delay(pathname);
    const file = this.files.get(pathname);
    if (file === undefined) return void response.writeHead(404).end();
    const type = types[pathname.split('.').pop()] ?? (pathname.includes('.') || pathname.startsWith('/v1/') ? 'application/octet-stream' : 'text/html');
    response.writeHead(200, { 'content-type': type, 'content-security-policy': this.policy, 'cache-control': this.keeping(pathname), etag: `"${Buffer.byteLength(file)}"` }).end(file);
  }

  async #take(request, response) {
    let text = '';
    for await (const chunk of request) text += chunk;
    const body = JSON.parse(text);
    this.batches.push(body);
    if (this.misbehave(request, response, body)) return;
    response.writeHead(200, { 'content-type': 'application/json' }).end(this.store(body));
  }
}
