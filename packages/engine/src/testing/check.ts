/** One promise that every implementation of an interface keeps. */
export interface PortCheck<Port> {
  name: string;
  /**
   * @param make a new, empty implementation.
   * @throws {Error} when the promise is broken.
   */
  run(make: () => Promise<Port>): Promise<void>;
}

/** Compares whole values as JSON. */
export function expectEqual(actual: unknown, expected: unknown, what: string): void {
  const [shown, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (shown !== wanted) throw new Error(`${what}: expected ${wanted}, received ${shown}`);
}

/** Expects a promise to reject with an error of a class. */
export async function expectRejection(
  promise: Promise<unknown>,
  kind: abstract new (...args: never[]) => Error,
  what: string,
): Promise<void> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof kind) return;
    throw new Error(`${what}: expected ${kind.name}, received ${String(error)}`);
  }
  throw new Error(`${what}: expected ${kind.name}, and nothing was thrown`);
}

/** Waits until a condition holds. @throws {Error} when it does not within `limitMs`. */
export async function eventually(condition: () => boolean, what: string, limitMs = 5000): Promise<void> {
  const end = performance.now() + limitMs;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`${what}: not so after ${limitMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
