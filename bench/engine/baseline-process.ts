import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type ProcessUse, useOf } from '../process-use.ts';

/** A server that only stores what it gets, as the floor of this machine: `baseline-server.ts` in a process of its own. */
export class BaselineProcess implements AsyncDisposable {
  /** The address that takes requests. */
  readonly url: string;
  readonly #pid: number;
  readonly #end: () => Promise<void>;

  private constructor(url: string, pid: number, end: () => Promise<void>) {
    this.url = url;
    this.#pid = pid;
    this.#end = end;
  }

  static async start(): Promise<BaselineProcess> {
    const program = new URL('baseline-server.ts', import.meta.url).pathname;
    const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
    const closed = once(child, 'close');
    const [address] = await Promise.race([once(child.stdout, 'data'), closed]);
    return new BaselineProcess(`${String(address).trim()}/hook`, child.pid ?? 0, async () => {
      child.kill('SIGTERM');
      await closed;
    });
  }

  /** What it has used so far. */
  used(): Promise<ProcessUse> {
    return useOf(this.#pid);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end();
  }
}
