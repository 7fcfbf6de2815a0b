/**
 * What stands between guest code and the isolate's border, evaluated in each new context before any guest code. Its text crosses, not the
 * function: it refers to nothing outside itself. Strings go in and strings come out.
 */
export function guestMain() {
  const MOST_LINES = 200;
  const LINE_LENGTH = 2000;
  const TEXT_LENGTH = 32_000_000;
  type Answer = { value: string } | { error: string };
  type Plan = {
    names: string[];
    common: string[];
    places: { key: string; common: number[] }[];
    asynchronous: boolean;
  };

  const world = globalThis as unknown as Record<string, unknown>;
  for (const name of ['WebAssembly', 'SharedArrayBuffer', 'Atomics']) delete world[name];

  const { parse, stringify } = JSON;
  const { getPrototypeOf, prototype: plain } = Object;
  const lines: [level: string, text: string][] = [];
  let unsaid = 0;
  const say =
    (level: string) =>
    (...values: unknown[]): void => {
      if (lines.length >= MOST_LINES) {
        unsaid++;
        return;
      }
      let text = '';
      for (const value of values) {
        if (text.length > LINE_LENGTH) break;
        text += (text === '' ? '' : ' ') + shown(value);
      }
      lines[lines.length] = [level, text.slice(0, LINE_LENGTH)];
    };
  const console = { debug: say('debug'), log: say('info'), info: say('info'), warn: say('warn'), error: say('error') };
  Object.defineProperty(world, 'console', { value: Object.freeze(console), writable: true, configurable: true });

  function shown(value: unknown): string {
    try {
      if (typeof value === 'string') return value;
      if (value instanceof Error) return described(value);
      return (typeof value === 'object' ? stringify(value) : undefined) ?? String(value);
    } catch {
      return '(something that cannot be shown)';
    }
  }

  function described(thrown: unknown): string {
    try {
      if (!(thrown instanceof Error)) return `It threw ${shown(thrown).slice(0, LINE_LENGTH)}`;
      const line = /<code>:(\d+)/.exec(String(thrown.stack))?.[1];
      return `${String(thrown.name)}: ${String(thrown.message).slice(0, LINE_LENGTH)}${line ? ` (line ${line})` : ''}`;
    } catch {
      return 'It threw something that cannot be shown.';
    }
  }

  /** Refuses what JSON would change without a word. A date becomes its ISO text, `undefined` nothing. */
  function asJson(this: unknown, key: string, value: unknown): unknown {
    const at = key === '' ? 'It gave' : `"${key}" is`;
    const source = (this as Record<string, unknown>)[key];
    if (source instanceof Date && value === null) throw new TypeError(`${at} a date that is none`);
    switch (typeof value) {
      case 'number':
        if (value - value !== 0) throw new TypeError(`${at} ${value}, which JSON cannot hold`);
        return value;
      case 'bigint':
        throw new TypeError(`${at} a BigInt, which JSON cannot hold: use Number(...) or String(...)`);
      case 'function':
      case 'symbol':
        throw new TypeError(`${at} a ${typeof value}, which JSON cannot hold`);
      case 'object':
        if (value instanceof Map || value instanceof Set)
          throw new TypeError(
            `${at} a ${value instanceof Map ? 'Map' : 'Set'}, which JSON cannot hold: spread it first`,
          );
        return value;
      default:
        return value;
    }
  }

  /** Whether it is an object of texts, truth values and numbers that JSON holds as they are: most results are, and need no look at each part. */
  function isFlat(value: unknown): boolean {
    if (typeof value !== 'object' || value === null || getPrototypeOf(value) !== plain || 'toJSON' in value)
      return false;
    for (const key in value) {
      const part = (value as Record<string, unknown>)[key];
      const isScalar =
        typeof part === 'string' || typeof part === 'boolean' || (typeof part === 'number' && part - part === 0);
      if (!isScalar && part !== null) return false;
    }
    return true;
  }

  function answerOf(value: unknown): Answer {
    try {
      return { value: (isFlat(value) ? stringify(value) : stringify(value, asJson)) ?? 'null' };
    } catch (thrown) {
      return { error: described(thrown) };
    }
  }

  /** Puts what rows have in common in its places: a copy in each, so that no row sees what another changed. */
  function complete(rows: Record<string, unknown>[], places: Plan['places'], common: string[]): void {
    let holder = -1;
    for (const row of rows)
      for (const name in row) {
        const value = row[name];
        for (const one of Array.isArray(value) ? value : [value]) {
          if (typeof one !== 'object' || one === null || Array.isArray(one)) continue;
          holder++;
          for (const { key, common: numbers } of places) {
            const text = common[numbers[holder] ?? -1];
            if (text !== undefined) (one as Record<string, unknown>)[key] = parse(text);
          }
        }
      }
  }

  let answers: Answer[][] = [];
  let pending = false;

  return {
    /** Calls every function for every row. Asynchronous ones go on until nothing is left to be done. */
    start(planText: string, sharedText: string, rowsText: string, ...functions: ((...values: unknown[]) => unknown)[]) {
      const { names, common, places, asynchronous } = parse(planText) as Plan;
      const shared = parse(sharedText) as Record<string, unknown>;
      const rows = parse(rowsText) as Record<string, unknown>[];
      if (places.length > 0) complete(rows, places, common);
      const valuesFor = (row: Record<string, unknown>) =>
        names.map((name) => (Object.hasOwn(row, name) ? row[name] : shared[name]));
      const attempt = (make: (...values: unknown[]) => unknown, values: unknown[]): Answer => {
        try {
          const value = make(...values);
          if (value instanceof Promise) return { error: 'It gave a promise, and an expression does not wait.' };
          return answerOf(value);
        } catch (thrown) {
          return { error: described(thrown) };
        }
      };
      if (!asynchronous) {
        answers = rows.map((row) => functions.map((make) => attempt(make, valuesFor(row))));
        return;
      }
      pending = true;
      const all = async () => {
        for (const row of rows) {
          const line: Answer[] = [];
          for (const make of functions) {
            try {
              line[line.length] = answerOf(await make(...valuesFor(row)));
            } catch (thrown) {
              line[line.length] = { error: described(thrown) };
            }
          }
          answers[answers.length] = line;
        }
        pending = false;
      };
      void all();
    },
    /** What came of it, as JSON; `pending` when it waits for something that nothing will bring, `too-large` when it is. */
    take(): string {
      if (pending) return 'pending';
      const cells = answers.map((line) =>
        line.map((answer) => ('value' in answer ? `{"value":${answer.value}}` : stringify({ error: answer.error }))),
      );
      const results = `[${cells.map((line) => `[${line.join(',')}]`).join(',')}]`;
      if (results.length > TEXT_LENGTH) return 'too-large';
      if (unsaid > 0) lines[lines.length] = ['warn', `${unsaid} more lines were not kept.`];
      return `{"results":${results},"logs":${stringify(lines)}}`;
    },
  };
}
