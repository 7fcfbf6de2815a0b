import { Worker } from 'node:worker_threads';
import type { Fragment, SqlValue } from './sql.ts';
import { StatementShapes } from './statement-shapes.ts';

const RUNS_FROM_SOURCE = import.meta.url.endsWith('.ts');
const MAIN = new URL(RUNS_FROM_SOURCE ? './write-thread-main.ts' : './write-thread-main.js', import.meta.url);

/** Texts of statements that are held on to. */
const KEPT_TEXTS = 100;
/** Most that the thread may hold, in megabytes: it has a few hundred rows at a time. */
const LIMITS = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16 };

/** Writes for the thread: each a list of statements, by their place among the texts, with their values. */
export interface ThreadGroup {
  texts: string[];
  writes: [statement: number, values: SqlValue[]][][];
}

/** What the thread tells: that it can begin; of a group, which of its writes are stored, or that nothing of it is. */
export type ThreadAnswer = 'ready' | boolean[] | 'undone';

/**
 * A thread with a connection of its own to the file of an SQLite database, for writes that are plain statements: while it carries out a group of
 * them and waits for the disk, the rest of the process goes on. It is started when it is asked for, for most processes never have enough to write.
 */
export class WriteThread {
  readonly #file: string;
  readonly #program: URL;
  readonly #texts = new StatementShapes(KEPT_TEXTS, false, ({ statement }) => statement);
  #worker: Worker | undefined;
  #isReady = false;
  #isClosing = false;
  /** Why it ended by itself. */
  #reason: unknown;
  #ended: Promise<void> = Promise.resolve();
  #asked: PromiseWithResolvers<boolean[] | undefined> | undefined;

  /**
   * @param databaseFile the path of the database, in WAL mode.
   * @param program what the thread executes, given the path.
   */
  constructor(databaseFile: string, program = MAIN) {
    this.#file = databaseFile;
    this.#program = program;
  }

  /** Whether it takes a group now. Asked for the first time, it starts; once it has ended, it never does again. */
  isReady(): boolean {
    if (!this.#worker) this.#start();
    return this.#isReady;
  }

  /**
   * Carries out a group in one transaction, of each write its first statement and, where that changes a row, the others. One group at a time.
   * @returns which writes are stored, once they would survive a power cut; undefined where nothing is, because one of them failed.
   * @throws {Error} when the thread ended meanwhile, and nobody knows whether they are stored.
   */
  async write(group: readonly (readonly Fragment[])[]): Promise<boolean[] | undefined> {
    const worker = this.#worker;
    if (!worker || !this.#isReady) throw new Error('The thread that stores runs is not ready.');
    this.#asked = Promise.withResolvers();
    // Whoever waits for the answer keeps the process alive.
    worker.ref();
    worker.postMessage(this.#written(group));
    return this.#asked.promise;
  }

  /** Ends it, once it has nothing to do. */
  async close(): Promise<void> {
    const worker = this.#worker;
    if (!worker) return;
    this.#isClosing = true;
    worker.ref();
    if (this.#isReady) worker.postMessage('close');
    else await worker.terminate();
    this.#isReady = false;
    await this.#ended;
  }

  #start(): void {
    const worker = new Worker(this.#program, { workerData: this.#file, resourceLimits: LIMITS });
    worker.unref();
    this.#worker = worker;
    worker.on('message', (told: ThreadAnswer) => this.#hear(told, worker));
    worker.on('error', (error) => {
      this.#reason = error;
    });
    this.#ended = new Promise((resolve) =>
      worker.once('exit', () => {
        this.#end();
        resolve();
      }),
    );
  }

  #end(): void {
    this.#isReady = false;
    if (this.#isClosing) return;
    process.emitWarning(
      `The thread that stores runs has ended, and the main thread stores them: ${String(this.#reason)}`,
    );
    const message = 'The thread that stores runs has ended, and it is not known whether this is stored.';
    this.#asked?.reject(new Error(message, { cause: this.#reason }));
    this.#asked = undefined;
  }

  #hear(told: ThreadAnswer, worker: Worker): void {
    if (told === 'ready') {
      this.#isReady = true;
      return;
    }
    worker.unref();
    this.#asked?.resolve(told === 'undone' ? undefined : told);
    this.#asked = undefined;
  }

  #written(group: readonly (readonly Fragment[])[]): ThreadGroup {
    const places = new Map<string, number>();
    const writes = group.map((statements) =>
      statements.map((statement): [number, SqlValue[]] => {
        const { kept: text, parameters } = this.#texts.find(statement);
        const place = places.get(text) ?? places.size;
        places.set(text, place);
        // Bytes may be a part of something larger, all of which would be sent.
        return [place, parameters.map((value) => (value instanceof Uint8Array ? new Uint8Array(value) : value))];
      }),
    );
    return { texts: [...places.keys()], writes };
  }
}
