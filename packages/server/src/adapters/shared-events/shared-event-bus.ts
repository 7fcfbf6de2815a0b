import { type EventBus, type EventListener, MemoryEventBus, type RunStore } from '@imaginarium/engine';
import type { RunEvent, Step } from '@imaginarium/protocol';
import { z } from 'zod';

/** Carries short texts to the other processes of the installation. Delivery is not promised. */
export interface Channel {
  send(text: string): Promise<void>;
  close(): Promise<void>;
}

/** Opens a channel. @param receive called with each text, also with those of this process. */
export type OpenChannel = (receive: (text: string) => void) => Promise<Channel>;

export interface SharedEventBusOptions {
  /** Names this process among the others. */
  id: string;
  openChannel: OpenChannel;
  store: Pick<RunStore, 'events' | 'news'>;
  log: { warn(data: object, message: string): void };
}

/** Where news are: the run, and the numbers of its first and last event. */
const hintSchema = z.tuple([z.uuid(), z.int().min(1), z.int().min(1)]);
const messageSchema = z.object({ from: z.string(), hints: z.array(hintSchema).max(1000) });
type Hint = z.infer<typeof hintSchema>;

/** Hints of one message: PostgreSQL carries less than 8000 bytes. */
const HINTS_PER_MESSAGE = 100;

/**
 * Tells events to the listeners of this process at once, and to other processes where to find them: what crosses between processes are
 * ids of runs and numbers of events, which the receiver reads from the run store.
 */
export class SharedEventBus implements EventBus {
  readonly #local = new MemoryEventBus();
  readonly #options: SharedEventBusOptions;
  #channel: Channel | undefined;
  #unsent: Hint[] = [];
  #sending: Promise<void> = Promise.resolve();
  /** What other processes told of and is not read yet, by run: news of the same run are read together. */
  readonly #toRead = new Map<string, Hint>();
  #isReading = false;
  #reading: Promise<void> = Promise.resolve();
  #listeners = 0;
  readonly #wantsSteps = new Set<(runId: string) => boolean>();

  private constructor(options: SharedEventBusOptions) {
    this.#options = options;
  }

  /** @throws what opening the channel throws. */
  static async open(options: SharedEventBusOptions): Promise<SharedEventBus> {
    const bus = new SharedEventBus(options);
    bus.#channel = await options.openChannel((text) => bus.#receive(text));
    return bus;
  }

  publish(events: readonly RunEvent[], steps?: readonly Step[]): void {
    this.#local.publish(events, steps);
    const [first, last] = [events[0], events.at(-1)];
    if (!first || !last) return;
    this.#unsent.push([first.runId, first.seq, last.seq]);
    // What is published in the same turn goes together.
    if (this.#unsent.length === 1) setImmediate(() => this.#send());
  }

  subscribe(listener: EventListener, wantsSteps?: (runId: string) => boolean): () => void {
    const unsubscribe = this.#local.subscribe(listener);
    this.#listeners++;
    if (wantsSteps) this.#wantsSteps.add(wantsSteps);
    return () => {
      this.#listeners--;
      if (wantsSteps) this.#wantsSteps.delete(wantsSteps);
      unsubscribe();
    };
  }

  /** Sends what is published still, and ends the channel. */
  async close(): Promise<void> {
    this.#send();
    await this.#sending;
    await this.#channel?.close();
    // Nobody listens any more, and the run store is closed next.
    this.#toRead.clear();
    await this.#reading;
  }

  #send(): void {
    const hints = this.#unsent;
    this.#unsent = [];
    for (let at = 0; at < hints.length; at += HINTS_PER_MESSAGE) {
      const text = JSON.stringify({ from: this.#options.id, hints: hints.slice(at, at + HINTS_PER_MESSAGE) });
      this.#sending = this.#sending.then(() => this.#channel?.send(text)).catch(this.#warn);
    }
  }

  #receive(text: string): void {
    if (this.#listeners === 0) return;
    const parsed = messageSchema.safeParse(parseJson(text));
    if (!parsed.success || parsed.data.from === this.#options.id) return;
    for (const hint of parsed.data.hints) this.#tell(hint);
  }

  #tell([runId, first, last]: Hint): void {
    const known = this.#toRead.get(runId);
    this.#toRead.set(runId, [runId, Math.min(first, known?.[1] ?? first), Math.max(last, known?.[2] ?? last)]);
    if (this.#isReading) return;
    this.#isReading = true;
    this.#reading = this.#readAll();
  }

  /** One run after the other: news of many runs must not take the database away from those who ask something of it. */
  async #readAll(): Promise<void> {
    for (;;) {
      const [hint] = this.#toRead.values();
      if (!hint) {
        this.#isReading = false;
        return;
      }
      const [runId, first, last] = hint;
      this.#toRead.delete(runId);
      try {
        const { events, steps } = await this.#read(runId, first - 1);
        this.#local.publish(
          events.filter(({ seq }) => seq <= last),
          steps,
        );
      } catch (error) {
        this.#warn(error);
      }
    }
  }

  /** Steps may be many: they are read where somebody waits for what they gave. */
  async #read(runId: string, after: number): Promise<{ events: RunEvent[]; steps?: Step[] }> {
    const { store } = this.#options;
    const isWanted = [...this.#wantsSteps].some((wants) => wants(runId));
    return isWanted ? store.news(runId, after) : { events: await store.events(runId, after) };
  }

  readonly #warn = (error: unknown): void => {
    this.#options.log.warn({ err: error }, 'live events were not told between processes; they are stored all the same');
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
