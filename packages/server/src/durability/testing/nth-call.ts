/** What a call that is made to fail throws. */
export class MadeToFailError extends Error {
  constructor(call: string, when: 'before' | 'after') {
    super(
      `${call} was made to fail ${when === 'before' ? 'before it did anything' : 'after it had done what it does'}.`,
    );
    this.name = 'MadeToFailError';
  }
}

/**
 * Makes one call fail, the n-th of all that go through it: before it has done anything, or after, as when an answer is lost on its way.
 * Whoever called it cannot tell the two apart.
 */
export class NthCall {
  readonly #n: number;
  readonly #when: 'before' | 'after';
  #calls = 0;
  /** The call that failed; undefined when there were fewer. */
  failed: string | undefined;

  constructor(n: number, when: 'before' | 'after') {
    this.#n = n;
    this.#when = when;
  }

  /** The same object, whose methods of these names are counted. They must give promises. */
  through<Target extends object>(target: Target, names: readonly (keyof Target & string)[]): Target {
    return new Proxy(target, {
      get: (_target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        if (!(names as readonly string[]).includes(String(name))) return value.bind(target);
        return async (...given: unknown[]) => {
          const isMine = ++this.#calls === this.#n;
          if (isMine) this.failed = String(name);
          if (isMine && this.#when === 'before') throw new MadeToFailError(String(name), 'before');
          const result: unknown = await value.apply(target, given);
          if (isMine) throw new MadeToFailError(String(name), 'after');
          return result;
        };
      },
    });
  }
}
