import { type ChildProcess, fork } from 'node:child_process';
import type { Heard } from './subscriber.ts';

const MAIN = new URL('./subscribers-main.ts', import.meta.url).pathname;

type FromSubscribers = { type: 'connected' } | { type: 'watching' } | { type: 'heard'; heard: Heard[] };

/** Subscribers, spread over processes of their own. */
export class Crowd implements Disposable {
  readonly #children: readonly ChildProcess[];

  private constructor(children: readonly ChildProcess[]) {
    this.#children = children;
  }

  /** Connects so many subscribers. */
  static async connect(address: string, apiKey: string, count: number, processes = 2): Promise<Crowd> {
    const children = Array.from({ length: processes }, (_, index) => {
      const share = Math.floor(count / processes) + (index < count % processes ? 1 : 0);
      return fork(MAIN, [address, apiKey, String(share)]);
    });
    const crowd = new Crowd(children);
    await crowd.#all('connected');
    return crowd;
  }

  /** Has all of them watch a run. @returns once all do, with what each of them hears until it has ended. */
  async watch(runId: string): Promise<{ heard: Promise<Heard[]> }> {
    const watching = this.#all('watching');
    const heard = this.#all('heard').then((answers) => answers.flatMap((answer) => answer.heard));
    for (const child of this.#children) child.send(runId);
    await watching;
    return { heard };
  }

  [Symbol.dispose](): void {
    for (const child of this.#children) child.kill('SIGKILL');
  }

  /** Waits until every process has said something. @throws {Error} when one ends instead. */
  #all<Type extends FromSubscribers['type']>(type: Type): Promise<Extract<FromSubscribers, { type: Type }>[]> {
    return Promise.all(
      this.#children.map(
        (child) =>
          new Promise<Extract<FromSubscribers, { type: Type }>>((resolve, reject) => {
            const onExit = () => reject(new Error('The subscribers ended.'));
            const onMessage = (message: FromSubscribers) => {
              if (message.type !== type) return;
              child.off('message', onMessage);
              child.off('exit', onExit);
              resolve(message as Extract<FromSubscribers, { type: Type }>); // Its type is what was waited for.
            };
            child.on('message', onMessage);
            child.once('exit', onExit);
          }),
      ),
    );
  }
}
