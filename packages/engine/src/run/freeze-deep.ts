/**
 * Freezes a JSON value and all in it, and gives it back. Items are handed to several nodes; one that changes its input would change what
 * the others see, so the attempt is an error in the node that makes it. What is frozen already is taken to be so throughout.
 */
export function freezeDeep<Value>(value: Value): Value {
  const pending: unknown[] = [value];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (typeof next !== 'object' || next === null || Object.isFrozen(next)) continue;
    Object.freeze(next);
    for (const entry of Object.values(next)) if (typeof entry === 'object' && entry !== null) pending.push(entry);
  }
  return value;
}
