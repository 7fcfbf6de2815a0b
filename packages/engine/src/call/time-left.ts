/** Before so much time has passed, what was seen says little. */
const LEAST_TOOK_MS = 1500;
/** Nor does it before so much of the work was done. */
const LEAST_SHARE = 0.02;
/** Less than this is over before somebody has read it. */
const WORTH_SAYING_MS = 5000;

interface AtWork {
  /** When it began, or told last. */
  sinceMs: number;
  /** Work that it had left then. */
  left: number;
}

/**
 * Says how long the work of several at once still takes, at the pace since it began: all of that time, so that what is said does not jump.
 * What those at work did since they told last is taken to go on as before.
 */
export class TimeLeft {
  readonly #now: () => number;
  readonly #atWork = new Map<number, AtWork>();
  #beganMs: number | undefined;
  /** Work that was told, and the time that it took those who did it, taken together. */
  #told = 0;
  #toldMs = 0;
  /** Sums over those at work. */
  #sinceMs = 0;
  #left = 0;

  /** @param now milliseconds on any clock that goes forward. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** One goes to work. What was waited before the first is no part of the time. @param left work it has before it, in any unit. */
  begin(id: number, left: number): void {
    this.leave(id);
    const sinceMs = this.#now();
    this.#beganMs ??= sinceMs;
    this.#atWork.set(id, { sinceMs, left });
    this.#sinceMs += sinceMs;
    this.#left += left;
  }

  /** One tells what it has done. @param isNew whether it did that since it told last; otherwise it was done before. */
  tell(id: number, work: number, isNew: boolean): void {
    const nowMs = this.#now();
    if (isNew && work > 0) this.#beganMs ??= nowMs;
    if (isNew) this.#told += work;
    const own = this.#atWork.get(id);
    if (!own) return;
    if (isNew) this.#toldMs += nowMs - own.sinceMs;
    this.#sinceMs += nowMs - own.sinceMs;
    this.#left -= work;
    own.sinceMs = nowMs;
    own.left -= work;
  }

  /** One leaves its work, done or not. */
  leave(id: number): void {
    const own = this.#atWork.get(id);
    if (!own) return;
    this.#atWork.delete(id);
    this.#sinceMs -= own.sinceMs;
    this.#left -= own.left;
  }

  /**
   * Milliseconds that what is left takes; undefined where that is not known yet, or not worth saying.
   * @param work all that was not told as done yet, also by those at work.
   */
  leftMs(work: number): number | undefined {
    if (this.#beganMs === undefined) return undefined;
    const nowMs = this.#now();
    const tookMs = nowMs - this.#beganMs;
    const silentMs = this.#atWork.size * nowMs - this.#sinceMs;
    const untold = this.#toldMs > 0 ? Math.min(this.#left, (this.#told / this.#toldMs) * silentMs) : 0;
    const done = this.#told + Math.max(0, untold);
    const left = Math.max(0, work - untold);
    if (tookMs < LEAST_TOOK_MS || done <= 0 || done < LEAST_SHARE * (done + left)) return undefined;
    const leftMs = Math.round((tookMs / done) * left);
    return leftMs < WORTH_SAYING_MS ? undefined : leftMs;
  }
}
