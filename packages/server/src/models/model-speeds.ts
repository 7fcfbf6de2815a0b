/** Measures how fast models are on this machine: at once, after they were installed, or in the background. */
export class ModelSpeeds {
  readonly #measure: (name: string) => Promise<void>;
  readonly #onError: (error: unknown, message: string) => void;
  /** Measurements of models that were just installed. */
  readonly #measuring = new Map<string, Promise<void>>();
  /** Models that were measured in the background, or tried to be. */
  readonly #tried = new Set<string>();
  #background: Promise<void> = Promise.resolve();

  /** @param measure measures one model and keeps its speed. @param onError told of those that nobody waits for and that failed. */
  constructor(measure: (name: string) => Promise<void>, onError: (error: unknown, message: string) => void) {
    this.#measure = measure;
    this.#onError = onError;
  }

  /** Resolves once a model is measured that was just installed, and at once when none is being measured. */
  async settled(name: string): Promise<void> {
    await this.#measuring.get(name);
  }

  /** @throws what measuring it throws. */
  async measure(name: string): Promise<void> {
    await this.settled(name);
    await this.#measure(name);
  }

  /** Measures a model that was just installed. That it cannot be measured is told, and does not undo the installation. */
  measureQuietly(name: string): Promise<void> {
    const measuring = this.#measure(name)
      .catch((error: unknown) => this.#onError(error, `the speed of the model ${name} could not be measured`))
      .finally(() => this.#measuring.delete(name));
    this.#measuring.set(name, measuring);
    return measuring;
  }

  /** Measures models in the background that were not measured on this machine yet; one that fails is not tried again. */
  measureOnce(names: readonly string[]): void {
    for (const name of names) {
      if (this.#tried.has(name)) continue;
      this.#tried.add(name);
      // One after the other: two at once would measure one another.
      this.#background = this.#background.then(() => this.measureQuietly(name));
    }
  }
}
