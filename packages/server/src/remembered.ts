import { LRUCache } from 'lru-cache';

/** Remembers what a function made for the keys that were asked for last. */
export function remembered<Value extends object>(make: (key: string) => Value): (key: string) => Value {
  const made = new LRUCache<string, Value>({ max: 1000 });
  return (key) => {
    const value = made.get(key) ?? make(key);
    made.set(key, value);
    return value;
  };
}
