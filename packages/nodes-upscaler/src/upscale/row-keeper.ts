import type { Journal } from './journal.ts';
import type { StripTiff } from './strip-tiff.ts';

/** Brings written rows to the disk and notes them, while the next are worked on: networks need no disk. One piece after another. */
export class RowKeeper implements AsyncDisposable {
  readonly #target: Pick<StripTiff, 'flush'>;
  readonly #journal: Pick<Journal, 'note'>;
  #last: Promise<void> = Promise.resolve();

  constructor(target: Pick<StripTiff, 'flush'>, journal: Pick<Journal, 'note'>) {
    this.#target = target;
    this.#journal = journal;
  }

  /**
   * Begins to keep what was written since the piece before, once that is kept.
   * @param rows all that are written then.
   * @throws when the piece before could not be kept, as {@link all} does.
   */
  async keep(rows: number): Promise<void> {
    await this.#last;
    this.#last = this.#target.flush().then(() => this.#journal.note(rows));
    // Told to whoever asks next.
    this.#last.catch(() => undefined);
  }

  /** Waits until all is kept. @throws when the disk failed. */
  all(): Promise<void> {
    return this.#last;
  }

  /** Waits until nothing is under way any more, whatever came of it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#last.catch(() => undefined);
  }
}
