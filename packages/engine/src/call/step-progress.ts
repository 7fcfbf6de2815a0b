import type { RunEventBody } from '@imaginarium/protocol';
import { TimeLeft } from './time-left.ts';

/** How far a step is, as an event tells it. */
export type StepNews = Pick<
  Extract<RunEventBody, { type: 'step.progress' }>,
  'progress' | 'message' | 'items' | 'leftMs'
>;

/** What is counted, and who hears of it. */
export interface StepProgressOptions {
  calls: number;
  /** How much work each call is, in any unit. Asked when the first of them reports, which light nodes never do. */
  works: () => Float64Array;
  /** Milliseconds. */
  now: () => number;
  tell(news: StepNews): void;
}

/**
 * How far a step is over all its calls, how many of them are done, and how long it still takes at the pace so far. A call never goes back,
 * also when it is tried again. What an earlier try or worker did is done, and says nothing of the pace.
 */
export class StepProgress {
  readonly #options: StepProgressOptions;
  readonly #time: TimeLeft;
  /** Tries that have not said yet where they begin. */
  readonly #silent = new Set<number>();
  #works: Float64Array | undefined;
  /** Of its work, by call, 0 to 1. */
  #shares = new Float64Array(0);
  #work = 0;
  #workDone = 0;
  #ended = 0;

  constructor(options: StepProgressOptions) {
    this.#options = options;
    this.#time = new TimeLeft(options.now);
  }

  /** A try of a call begins. What it says first is where it begins: an earlier one may have come that far. */
  begin(call: number): void {
    const works = this.#opened();
    this.#silent.add(call);
    this.#time.begin(call, (1 - (this.#shares[call] as number)) * (works[call] as number)); // Within bounds, as all of these.
  }

  /** @param share of this call's work, 0 to 1; anything else is brought into this range. */
  report(call: number, share: number, message?: string): void {
    const gained = this.#raise(call, Math.min(1, share || 0));
    this.#time.tell(call, gained, !this.#silent.delete(call));
    this.#tell(message);
  }

  /** A call is over. @param worked whether it did its work just now; otherwise it had done it before, or failed at it. */
  end(call: number, worked: boolean): void {
    this.#time.tell(call, this.#raise(call, 1), worked);
    this.#time.leave(call);
    this.#silent.delete(call);
    this.#ended++;
    this.#tell();
  }

  /** All calls before one are over, and did their work just now. */
  endFirst(calls: number): void {
    let gained = 0;
    for (let call = this.#ended; call < calls; call++) gained += this.#raise(call, 1);
    this.#time.tell(calls, gained, true);
    this.#ended = calls;
    this.#tell();
  }

  /** A call waits for something that is no work of this machine. */
  rest(call: number): void {
    this.#time.leave(call);
  }

  /** @returns the work that was gained. */
  #raise(call: number, share: number): number {
    const works = this.#opened();
    const before = this.#shares[call] as number;
    const now = Math.max(before, share);
    const gained = (now - before) * (works[call] as number);
    this.#shares[call] = now;
    this.#workDone += gained;
    return gained;
  }

  #opened(): Float64Array {
    if (this.#works) return this.#works;
    const { calls, works } = this.#options;
    this.#works = works();
    this.#work = this.#works.reduce((sum, work) => sum + work, 0);
    this.#shares = new Float64Array(calls);
    return this.#works;
  }

  #tell(message?: string): void {
    const { calls, tell } = this.#options;
    const news: StepNews = { progress: Math.min(1, this.#workDone / this.#work) };
    if (message !== undefined) news.message = message;
    if (calls > 1) news.items = { done: this.#ended, count: calls };
    const leftMs = this.#time.leftMs(Math.max(0, this.#work - this.#workDone));
    if (leftMs !== undefined) news.leftMs = leftMs;
    tell(news);
  }
}
