/**
 * Freezes a JSON value and all in it, and gives it back. Items are handed to several nodes; one that changes its input would change what
 * the others see, so the attempt is an error in the node that makes it. What is frozen already is taken to be so throughout.
 */
export function freezeDeep<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  if (Array.isArray(value)) for (const entry of value) freezeDeep(entry);
  else for (const key in value) freezeDeep(value[key]);
  return value;
}
