const PREFIX = 'imaginarium:editor:';

/** What this browser was told before under a name, or the fallback. */
export function remembered<Value extends boolean | number>(name: string, fallback: Value): Value {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(PREFIX + name) ?? 'null');
    return typeof stored === typeof fallback ? (stored as Value) : fallback; // Its type was compared just before.
  } catch {
    return fallback;
  }
}

/** Keeps a value for the next visit and gives it back. A browser that keeps nothing forgets it with the page. */
export function remember<Value extends boolean | number>(name: string, value: Value): Value {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // Private windows refuse; the value still holds until the page is left.
  }
  return value;
}
