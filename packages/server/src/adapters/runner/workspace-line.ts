interface Waiting {
  start: () => void;
}

/**
 * Places for work, handed out to one workspace after the other. A workspace whose last work had to be stopped gets one place at a time until
 * some of its work ends well, so that it cannot hold all of them.
 */
export class WorkspaceLine {
  readonly #places: number;
  #taken = 0;
  readonly #atWork = new Map<string, number>();
  readonly #waiting = new Map<string, Waiting[]>();
  readonly #unruly = new Set<string>();

  constructor(places: number) {
    this.#places = places;
  }

  /** Runs a task once it has a place. @param isUnruly tells by its error whether it had to be stopped. */
  async run<Result>(
    workspaceId: string,
    task: () => Promise<Result>,
    signal: AbortSignal,
    isUnruly: (error: unknown) => boolean,
  ): Promise<Result> {
    await this.#wait(workspaceId, signal);
    try {
      const result = await task();
      this.#unruly.delete(workspaceId);
      return result;
    } catch (error) {
      if (isUnruly(error)) this.#unruly.add(workspaceId);
      throw error;
    } finally {
      this.#leave(workspaceId);
    }
  }

  async #wait(workspaceId: string, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const waiting: Waiting = {
        start: () => {
          signal.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      const onAbort = () => {
        this.#forget(workspaceId, waiting);
        reject(signal.reason);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      const line = this.#waiting.get(workspaceId);
      if (line) line.push(waiting);
      else this.#waiting.set(workspaceId, [waiting]);
      this.#startNext();
    });
  }

  #startNext(): void {
    while (this.#taken < this.#places) {
      const next = [...this.#waiting.keys()].find((id) => this.#mayStart(id));
      if (next === undefined) return;
      const line = this.#waiting.get(next) as Waiting[]; // It is one of the keys.
      const first = line.shift();
      // To the end: the others come first now.
      this.#waiting.delete(next);
      if (line.length > 0) this.#waiting.set(next, line);
      this.#taken++;
      this.#atWork.set(next, (this.#atWork.get(next) ?? 0) + 1);
      first?.start();
    }
  }

  #mayStart(workspaceId: string): boolean {
    return !this.#unruly.has(workspaceId) || !this.#atWork.has(workspaceId);
  }

  #leave(workspaceId: string): void {
    this.#taken--;
    const left = (this.#atWork.get(workspaceId) ?? 1) - 1;
    if (left > 0) this.#atWork.set(workspaceId, left);
    else this.#atWork.delete(workspaceId);
    this.#startNext();
  }

  #forget(workspaceId: string, waiting: Waiting): void {
    const line = (this.#waiting.get(workspaceId) ?? []).filter((entry) => entry !== waiting);
    if (line.length > 0) this.#waiting.set(workspaceId, line);
    else this.#waiting.delete(workspaceId);
  }
}
