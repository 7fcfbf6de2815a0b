import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryOf, type ProcessUse, useOf } from './process-use.ts';

/** The command that ships. */
export const BIN = new URL('../packages/cli/bin/imaginarium.js', import.meta.url).pathname;

/** What a process of the bench finds in its environment. */
export function environment(settings: Readonly<Record<string, string>>): Record<string, string> {
  return {
    ...{ PATH: process.env.PATH ?? '', NODE_ENV: 'production', IMAGINARIUM_LOG_LEVEL: 'warn' },
    ...{ IMAGINARIUM_WORKFLOW_LIMIT: '0', IMAGINARIUM_HOURLY_ITEMS: 'none' },
    ...settings,
  };
}

/** A built server in a process of its own, with a new data folder. */
export class ServerProcess implements AsyncDisposable {
  readonly address: string;
  readonly readyMs: number;
  /** Where it keeps its database and files. */
  readonly dataDir: string;
  readonly #pid: number;
  readonly #end: () => Promise<void>;

  private constructor(
    { address, readyMs, dataDir, pid }: { address: string; readyMs: number; dataDir: string; pid: number },
    end: () => Promise<void>,
  ) {
    this.address = address;
    this.readyMs = readyMs;
    this.dataDir = dataDir;
    this.#pid = pid;
    this.#end = end;
  }

  /**
   * @param settings environment variables over the defaults.
   * @param args further arguments of the command.
   * @throws {Error} with what it printed when it does not get ready.
   */
  static async start(
    settings: Readonly<Record<string, string>> = {},
    args: readonly string[] = [],
  ): Promise<ServerProcess> {
    const data = await mkdtemp(join(tmpdir(), 'imaginarium-bench-'));
    const began = performance.now();
    const child = spawn(process.execPath, [BIN, 'start', '--port', '0', '--data', data, ...args], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: environment(settings),
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
    const readyMs = Math.round(performance.now() - began);
    return new ServerProcess({ address, readyMs, dataDir: data, pid: child.pid ?? 0 }, async () => {
      child.kill('SIGTERM');
      await closed;
      await rm(data, { recursive: true, force: true });
    });
  }

  /** Megabytes the process holds. */
  async residentMb(): Promise<number> {
    return (await memoryOf(this.#pid)).nowMb;
  }

  /** Most megabytes that the process held since it started. */
  async peakMb(): Promise<number> {
    return (await memoryOf(this.#pid)).peakMb;
  }

  /** What it has used so far. */
  used(): Promise<ProcessUse> {
    return useOf(this.#pid);
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
