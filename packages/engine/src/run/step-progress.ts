/** How far a step is, over all its calls. A call never goes back, also when it is tried again. */
export class StepProgress {
  readonly #shares: Float64Array;
  readonly #tell: (progress: number, message?: string) => void;
  #sum = 0;

  constructor(calls: number, tell: (progress: number, message?: string) => void) {
    this.#shares = new Float64Array(calls);
    this.#tell = tell;
  }

  /** @param share of this call's work, 0 to 1; anything else is brought into this range. */
  report(call: number, share: number, message?: string): void {
    const before = this.#shares[call] as number;
    const now = Math.max(before, Math.min(1, share || 0));
    this.#shares[call] = now;
    this.#sum += now - before;
    this.#tell(Math.min(1, this.#sum / this.#shares.length), message);
  }
}
