import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const BIN = new URL('../packages/cli/bin/imaginarium.js', import.meta.url).pathname;

/** A built server in a process of its own, with a new data folder. */
export class ServerProcess implements AsyncDisposable {
  readonly address: string;
  readonly readyMs: number;
  readonly #pid: number;
  readonly #end: () => Promise<void>;

  private constructor(address: string, readyMs: number, pid: number, end: () => Promise<void>) {
    this.address = address;
    this.readyMs = readyMs;
    this.#pid = pid;
    this.#end = end;
  }

  /** @throws {Error} with what it printed when it does not get ready. */
  static async start(): Promise<ServerProcess> {
    const data = await mkdtemp(join(tmpdir(), 'imaginarium-bench-'));
    const began = performance.now();
    const child = spawn(process.execPath, [BIN, 'start', '--port', '0', '--data', data], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { PATH: process.env.PATH ?? '', IMAGINARIUM_LOG_LEVEL: 'warn' },
    });
    const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
    const address = await new Promise<string>((resolve, reject) => {
      let output = '';
      child.stdout.on('data', (text) => {
        output += String(text);
        const ready = /ready\S* at \S*?(http:\/\/[\d.:]+)/.exec(output);
        if (ready?.[1]) resolve(ready[1]);
      });
      child.once('exit', (code) => reject(new Error(`imaginarium start ended with ${code}: ${output}`)));
    });
    return new ServerProcess(address, Math.round(performance.now() - began), child.pid ?? 0, async () => {
      child.kill('SIGTERM');
      await closed;
      await rm(data, { recursive: true, force: true });
    });
  }

  /** Megabytes the process holds. */
  async residentMb(): Promise<number> {
    const status = await readFile(`/proc/${this.#pid}/status`, 'utf8').catch(() => '');
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1000);
  }

  /** Makes the owner and an API key. */
  async ownerKey(): Promise<string> {
    const headers = { 'content-type': 'application/json', origin: this.address };
    const owner = { name: 'Bench', email: 'bench@example.com', password: 'correct horse battery' };
    const post = (path: string, body: object, more: Record<string, string> = {}) =>
      fetch(`${this.address}/api/v1${path}`, {
        method: 'POST',
        headers: { ...headers, ...more },
        body: JSON.stringify(body),
      });
    const setUp = await post('/setup', owner);
    const cookie = setUp.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const made = (await (await post('/api-keys', { name: 'bench' }, { cookie })).json()) as { key: string };
    return made.key;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end();
  }
}
