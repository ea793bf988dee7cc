// The shop as demo/build.mjs writes it, built once into a folder of its own.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../support/built.mjs';

export class Site {
  folder = mkdtempSync(join(tmpdir(), 'wayline-shop-'));

  build() {
    execFileSync(process.execPath, [join(root, 'demo/build.mjs'), this.folder], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    return this;
  }

  dispose() {
    rmSync(this.folder, { recursive: true, force: true });
  }

  files() {
    return readdirSync(this.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(this.folder.length + 1))
      .sort();
  }

  read(path) {
    return readFileSync(join(this.folder, path), 'utf8');
  }

  /** The file that answers an address of this site, or undefined. */
  fileOf(address) {
    const { pathname } = new URL(address, 'http://shop.example/');
    const path = decodeURIComponent(pathname).slice(1);
    return [path, join(path, 'index.html')].find((each) => each !== '' && existsSync(join(this.folder, each)) && !/(^|\/)$/.test(each) && /\.\w+$/.test(each));
  }
}
