import { LRUCache } from 'lru-cache';

/** Remembers what a function made for the keys that were asked for last. */
export function remembered<Value extends object>(make: (key: string) => Value): (key: string) => Value {
  const made = new LRUCache<string, Value>({ max: 1000 });
  return (key) => {
    const known = made.get(key);
    if (known) return known;
    const value = make(key);
    made.set(key, value);
    return value;
  };
}
