import { LRUCache } from 'lru-cache';

/** Remembers what a function made for the keys that were asked for last. */
export function remembered<Value extends object>(make: (key: string) => Value): (key: string) => Value {
  const made = new LRUCache<string, Value>({ max: 1000 });
  // The same key is asked for again and again.
  let last: { key: string; value: Value } | undefined;
  return (key) => {
    if (last?.key === key) return last.value;
    const value = made.get(key) ?? make(key);
    made.set(key, value);
    last = { key, value };
    return value;
  };
}
