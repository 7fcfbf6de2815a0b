import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A server that only stores what it gets, as the floor of this machine: `baseline-server.ts` in a process of its own. */
export class BaselineProcess implements AsyncDisposable {
  /** The address that takes requests. */
  readonly url: string;
  readonly #end: () => Promise<void>;

  private constructor(url: string, end: () => Promise<void>) {
    this.url = url;
    this.#end = end;
  }

  static async start(): Promise<BaselineProcess> {
    const program = new URL('baseline-server.ts', import.meta.url).pathname;
    const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
    const closed = once(child, 'close');
    const [address] = await Promise.race([once(child.stdout, 'data'), closed]);
    return new BaselineProcess(`${String(address).trim()}/hook`, async () => {
      child.kill('SIGTERM');
      await closed;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end();
  }
}
