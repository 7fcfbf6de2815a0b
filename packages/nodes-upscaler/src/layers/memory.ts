import { readFile, rename, writeFile } from 'node:fs/promises';

/** Something that was found out, kept beside a work file for the process that goes on after this one. */
export class Memory<Value> {
  readonly #path: string;
  readonly #key: string;

  /** @param key what it depends on, without a line break: what was kept for anything else is not there. */
  constructor(path: string, key: string) {
    this.#path = path;
    this.#key = key;
  }

  async read(): Promise<Value | undefined> {
    const text = await readFile(this.#path, 'utf8').catch(() => '');
    const line = text.indexOf('\n');
    if (line < 0 || text.slice(0, line) !== this.#key) return;
    // Written by this class, under the same key: it has the same shape.
    return JSON.parse(text.slice(line + 1), revived) as Value;
  }

  async write(value: Value): Promise<void> {
    await writeFile(`${this.#path}.new`, `${this.#key}\n${JSON.stringify(value, replaced)}`, { flush: true });
    await rename(`${this.#path}.new`, this.#path);
  }
}

function replaced(_name: string, value: unknown): unknown {
  return value instanceof Float32Array ? { floats: Buffer.from(value.buffer).toString('base64') } : value;
}

function revived(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('floats' in value)) return value;
  const bytes = Uint8Array.from(Buffer.from(String(value.floats), 'base64'));
  return new Float32Array(bytes.buffer);
}
