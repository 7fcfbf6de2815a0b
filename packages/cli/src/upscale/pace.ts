/** Before so much time has passed, and so much of the work was done, the pace says little. */
const LEAST_TOOK_MS = 2000;
const LEAST_SHARE = 0.02;

interface Part {
  /** What it takes, in any unit. */
  work: number;
  /** How much of it is done, 0 to 1; undefined before it told anything. */
  share: number | undefined;
}

/** How far several pieces of work are together, and how long the rest takes at the pace so far. */
export class Pace {
  readonly #parts = new Map<string, Part>();
  readonly #now: () => number;
  #beganMs: number | undefined;
  /** Work that was done while somebody watched. */
  #watched = 0;

  /** @param now milliseconds on any clock that goes forward. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Something that is to be done. @param work what it takes, in the unit of all others. */
  add(key: string, work: number): void {
    this.#parts.set(key, { work, share: undefined });
  }

  /** One says how far it is. What it says first was done by an earlier try, and tells nothing of the pace. */
  tell(key: string, share: number): void {
    const part = this.#parts.get(key);
    if (!part) return;
    this.#beganMs ??= this.#now();
    if (part.share !== undefined) this.#watched += part.work * Math.max(0, share - part.share);
    part.share = Math.max(part.share ?? 0, share);
  }

  /** One will not be done: it counts as if it had never been there. */
  drop(key: string): void {
    this.#parts.delete(key);
  }

  /** How much of all is done, 0 to 1. */
  get share(): number {
    const all = this.#sum(({ work }) => work);
    return all === 0 ? 0 : this.#sum(({ work, share = 0 }) => work * share) / all;
  }

  /** Milliseconds that the rest takes; undefined where that is not known yet. */
  get leftMs(): number | undefined {
    if (this.#beganMs === undefined) return undefined;
    const tookMs = this.#now() - this.#beganMs;
    const left = this.#sum(({ work, share = 0 }) => work * (1 - share));
    if (tookMs < LEAST_TOOK_MS || this.#watched < LEAST_SHARE * (this.#watched + left)) return undefined;
    return (tookMs / this.#watched) * left;
  }

  #sum(of: (part: Part) => number): number {
    return [...this.#parts.values()].reduce((sum, part) => sum + of(part), 0);
  }
}
