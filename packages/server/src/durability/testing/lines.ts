import type { Installation } from './installations.ts';
import type { ServerProcess } from './server-process.ts';
import { Stage } from './stage.ts';

/** A stage, and the server that lives on it until a test kills it and puts its heir here. */
export interface Line {
  readonly stage: Stage;
  server: ServerProcess;
}

/**
 * Stages that tests take turns on: a server that went on with what a killed one left is the one that the next test kills. So
 * a death takes one start, and no setting up.
 */
export class Lines implements AsyncDisposable {
  readonly #begin: () => Promise<Line>;
  readonly #turns: (Promise<Line> | undefined)[];
  #used = 0;

  /** @param count how many tests have a line at the same time. @param setUp makes what the runs of a line are of. */
  constructor(
    count: number,
    database: Installation['database'],
    setUp: (stage: Stage, server: ServerProcess) => Promise<void>,
  ) {
    this.#turns = Array.from({ length: count });
    this.#begin = async () => {
      const stage = await Stage.set({ database, queue: 'embedded' });
      const server = await stage.start();
      await setUp(stage, server);
      return { stage, server };
    };
  }

  /** Works on a line, once those that had it before are done. */
  use(work: (line: Line) => Promise<void>): Promise<void> {
    const place = this.#used++ % this.#turns.length;
    const line = this.#turns[place] ?? this.#begin();
    const done = line.then(work);
    // What a test left in the middle is no place for the next.
    const anew = async () => {
      await (await line).stage[Symbol.asyncDispose]();
      return this.#begin();
    };
    this.#turns[place] = done.then(() => line, anew);
    return done;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const turn of this.#turns) await (await turn)?.stage[Symbol.asyncDispose]();
  }
}
