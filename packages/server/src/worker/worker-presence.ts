import { hostname } from 'node:os';
import type { Clock, NodeRegistry } from '@imaginarium/engine';
import type { PoolLoad, WorkerState } from '@imaginarium/protocol';
import type { QueueStore } from '../queue/queue-store.ts';
import type { WorkerLog } from './worker.ts';

const TELL_EVERY_MS = 5000;

export interface WorkerPresenceOptions {
  id: string;
  version: string;
  /** Runs it executes at the same time. */
  concurrency: number;
  registry: NodeRegistry;
  store: Pick<QueueStore, 'announce' | 'leave'>;
  log: Pick<WorkerLog, 'warn'>;
  /** The same for all processes, so that none takes another for dead. */
  clock: Pick<Clock, 'now'>;
  /** Runs at work now. */
  running(): number;
  pools(): PoolLoad[];
}

/** Tells others that a worker is there, what it has installed and how much it has to do, every few seconds until it stops. */
export class WorkerPresence {
  readonly #options: WorkerPresenceOptions;
  readonly #startedAt: string;
  #timer: NodeJS.Timeout | undefined;
  #telling: Promise<void> = Promise.resolve();

  constructor(options: WorkerPresenceOptions) {
    this.#options = options;
    this.#startedAt = new Date(options.clock.now()).toISOString();
  }

  async start(): Promise<void> {
    await this.#tell();
    this.#timer = setInterval(() => void this.#tell(), TELL_EVERY_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#telling;
    await this.#options.store.leave(this.#options.id).catch(this.#warn);
  }

  #tell(): Promise<void> {
    this.#telling = this.#telling.then(() => this.#options.store.announce(this.#state())).catch(this.#warn);
    return this.#telling;
  }

  #state(): WorkerState {
    const { id, version, concurrency, registry, running, pools, clock } = this.#options;
    const seenAt = new Date(clock.now()).toISOString();
    const installed = registry.packages().filter(({ state }) => state === 'loaded');
    return {
      ...{ id, version, concurrency, host: hostname(), startedAt: this.#startedAt, seenAt },
      packages: installed.map((source) => ({
        ...{ name: source.name, version: source.version },
        types: registry.keysOf(source.name),
      })),
      ...{ running: running(), pools: pools() },
    };
  }

  readonly #warn = (error: unknown): void => {
    this.#options.log.warn({ err: error }, 'this worker could not tell that it is there');
  };
}
