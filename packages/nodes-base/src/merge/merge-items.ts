import type { EmittedItem, FileRef, Json, JsonObject } from '@imaginarium/node-sdk';
import type { AnyItem } from '../values/read-field.ts';

/** The items after a merge, and how many found no partner. */
export interface Merged {
  /** Each says which item of which side it was made from, so that it can be paired with its relatives further on. */
  items: EmittedItem<Json | FileRef>[];
  /** Items of each side that left alone, or in `byKey` for B, did not leave at all. */
  alone: { a: number; b: number };
}

/** All of A, then all of B. */
export function append(a: readonly AnyItem[], b: readonly AnyItem[]): Merged {
  return {
    items: [...a.map((item, at) => alone(item, 'a', at)), ...b.map((item, at) => alone(item, 'b', at))],
    alone: { a: 0, b: 0 },
  };
}

/** The first of A with the first of B, and so on. The longer side's rest leaves alone. */
export function byPosition(a: readonly AnyItem[], b: readonly AnyItem[]): Merged {
  const items = Array.from({ length: Math.max(a.length, b.length) }, (_, at) => {
    const [first, second] = [a[at], b[at]];
    if (first && second) return joined(first, at, second, at);
    return first ? alone(first, 'a', at) : alone(second as AnyItem, 'b', at); // The longer side has one.
  });
  return { items, alone: { a: Math.max(0, a.length - b.length), b: Math.max(0, b.length - a.length) } };
}

/**
 * Each item of A with the first item of B that has the same text, number or boolean in the field `key`; 7 and "7" are the same, as a
 * CSV cannot tell them apart. Items of A without a partner leave alone; items of B without one do not leave.
 */
export function byKey(a: readonly AnyItem[], b: readonly AnyItem[], key: string): Merged {
  const partners = new Map<string, number>();
  for (const [at, item] of b.entries()) {
    const value = keyText(item.fields, key);
    if (value !== undefined && !partners.has(value)) partners.set(value, at);
  }
  const used = new Set<string>();
  let single = 0;
  const items = a.map((item, at) => {
    const value = keyText(item.fields, key);
    const partnerAt = value === undefined ? undefined : partners.get(value);
    const partner = partnerAt === undefined ? undefined : b[partnerAt];
    if (value === undefined || partnerAt === undefined || !partner) {
      single += 1;
      return alone(item, 'a', at);
    }
    used.add(value);
    return joined(item, at, partner, partnerAt);
  });
  return { items, alone: { a: single, b: b.filter((item) => !used.has(keyText(item.fields, key) ?? '')).length } };
}

function alone(item: AnyItem, side: 'a' | 'b', at: number): EmittedItem<Json | FileRef> {
  return { ...item, from: { [side]: at } };
}

/** One item with the fields of both; where both have a field or a value, A's stays. */
function joined(a: AnyItem, atA: number, b: AnyItem, atB: number): EmittedItem<Json | FileRef> {
  return { value: a.value, fields: { ...b.fields, ...a.fields }, from: { a: atA, b: atB } };
}

function keyText(fields: JsonObject, key: string): string | undefined {
  const value = Object.hasOwn(fields, key) ? fields[key] : undefined;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}
