import type { RunEvent } from '@imaginarium/protocol';

/** Events sent in one message at most, so that a long history stays below what one message may weigh. */
const EVENTS_PER_MESSAGE = 500;

/**
 * One subscriber of one run. Sends the run's events after a number, in order, each once and without gaps: what it hears too early waits
 * until the store has told what lies between.
 */
export class RunWatch {
  #last: number;
  #isOver = false;
  #reading = false;
  #stopped = false;
  readonly #waiting: RunEvent[] = [];
  readonly #read: (after: number) => Promise<RunEvent[]>;
  readonly #send: (events: RunEvent[]) => void;

  /**
   * @param after the last number the subscriber has.
   * @param read reads stored events after a number.
   */
  constructor(after: number, read: (after: number) => Promise<RunEvent[]>, send: (events: RunEvent[]) => void) {
    this.#last = after;
    this.#read = read;
    this.#send = send;
  }

  /** The last number that the subscriber has. */
  get last(): number {
    return this.#last;
  }

  /** Whether the subscriber was told the run's end: nothing follows it. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Sends what is stored. Live events that arrive meanwhile follow it. */
  async replay(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    try {
      let before: number;
      do {
        before = this.#last;
        const stored = await this.#read(this.#last);
        if (this.#stopped) return;
        this.#deliver(stored);
        // What came while the store was read lies after what it told, or repeats it.
        this.#deliver(this.#waiting.splice(0).sort((a, b) => a.seq - b.seq));
        // A gap that the store cannot fill yet is tried again with the next events, not in a circle.
      } while (this.#waiting.length > 0 && this.#last > before);
    } finally {
      this.#reading = false;
    }
  }

  /**
   * Takes events that were just stored when they are exactly what comes next, and leaves sending them to the caller, who tells many at once.
   * @returns false when they are not: {@link receive} sorts it out.
   */
  takeNext(events: readonly RunEvent[]): boolean {
    if (this.#stopped || this.#reading || this.#waiting.length > 0) return false;
    if (!events.every((event, index) => event.seq === this.#last + 1 + index)) return false;
    for (const event of events) this.#passed(event);
    return true;
  }

  /** Takes events that were just stored. */
  async receive(events: readonly RunEvent[]): Promise<void> {
    if (this.#stopped) return;
    if (this.#reading) {
      this.#waiting.push(...events);
      return;
    }
    this.#deliver(events);
    if (this.#waiting.length > 0) await this.replay();
  }

  stop(): void {
    this.#stopped = true;
  }

  #passed({ seq, type }: RunEvent): void {
    this.#last = seq;
    if (type === 'run.finished') this.#isOver = true;
  }

  /** Sends the events that come next, leaves out those that were sent, and keeps what lies behind a gap. */
  #deliver(events: readonly RunEvent[]): void {
    const next: RunEvent[] = [];
    for (const event of events) {
      if (event.seq === this.#last + 1) {
        next.push(event);
        this.#passed(event);
      } else if (event.seq > this.#last + 1) this.#waiting.push(event);
    }
    for (let at = 0; at < next.length; at += EVENTS_PER_MESSAGE) this.#send(next.slice(at, at + EVENTS_PER_MESSAGE));
  }
}
