import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { BIN, environment } from '../server-process.ts';

/** A worker in a process of its own, beside an API that shares its data folder, database and queue. */
export class WorkerProcess implements AsyncDisposable {
  readonly #end: () => Promise<void>;

  private constructor(end: () => Promise<void>) {
    this.#end = end;
  }

  static async start(dataDir: string, settings: Readonly<Record<string, string>>): Promise<WorkerProcess> {
    const child = spawn(process.execPath, [BIN, 'worker', '--data', dataDir], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: environment(settings),
    });
    const closed = once(child, 'close');
    // Its first words say that it is ready.
    await Promise.race([once(child.stdout, 'data'), closed]);
    if (child.exitCode !== null) throw new Error(`imaginarium worker ended with ${child.exitCode}`);
    return new WorkerProcess(async () => {
      child.kill('SIGTERM');
      await closed;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end();
  }
}
