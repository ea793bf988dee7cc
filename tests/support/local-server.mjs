import { once } from 'node:events';
import { createServer } from 'node:http';

/** An HTTP server of a test, on a port of its own. */
export class LocalServer {
  #server;

  /** `answer` is given each request and its response. */
  constructor(answer) {
    this.#server = createServer(answer);
  }

  async start() {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  /** By the name that makes its pages secure ones. */
  get origin() {
    return `http://localhost:${this.#server.address().port}`;
  }

  /** Whoever is still connected is cut off. */
  stop() {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
