/** How far a step is, over all its calls. A call never goes back, also when it is tried again. */
export class StepProgress {
  readonly #calls: number;
  /** By call; made when the first one reports, which light nodes never do. */
  #shares: Float64Array | undefined;
  readonly #tell: (progress: number, message?: string) => void;
  #sum = 0;

  constructor(calls: number, tell: (progress: number, message?: string) => void) {
    this.#calls = calls;
    this.#tell = tell;
  }

  /** All calls before one are done. */
  reportFirst(calls: number): void {
    if (calls === 0) return;
    this.#shares ??= new Float64Array(this.#calls);
    this.#shares.fill(1, 0, calls - 1);
    this.#sum = this.#shares.reduce((sum, share) => sum + share, 0);
    this.report(calls - 1, 1);
  }

  /** @param share of this call's work, 0 to 1; anything else is brought into this range. */
  report(call: number, share: number, message?: string): void {
    this.#shares ??= new Float64Array(this.#calls);
    const before = this.#shares[call] as number;
    const now = Math.max(before, Math.min(1, share || 0));
    this.#shares[call] = now;
    this.#sum += now - before;
    this.#tell(Math.min(1, this.#sum / this.#shares.length), message);
  }
}
