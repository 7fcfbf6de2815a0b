import type { FileRef, InputItem, Json, JsonObject } from '@imaginarium/node-sdk';

type AnyItem = InputItem<Json | FileRef>;

/** The items after a merge, and how many found no partner. */
export interface Merged {
  items: AnyItem[];
  /** Items of each side that left alone, or in `byKey` for B, did not leave at all. */
  alone: { a: number; b: number };
}

/** All of A, then all of B. */
export function append(a: readonly AnyItem[], b: readonly AnyItem[]): Merged {
  return { items: [...a, ...b], alone: { a: 0, b: 0 } };
}

/** The first of A with the first of B, and so on. The longer side's rest leaves alone. */
export function byPosition(a: readonly AnyItem[], b: readonly AnyItem[]): Merged {
  const items = Array.from({ length: Math.max(a.length, b.length) }, (_, index) => joined(a[index], b[index]));
  return { items, alone: { a: Math.max(0, a.length - b.length), b: Math.max(0, b.length - a.length) } };
}

/**
 * Each item of A with the first item of B that has the same text, number or boolean in the field `key`; 7 and "7" are the same, as a
 * CSV cannot tell them apart. Items of A without a partner leave alone; items of B without one do not leave.
 */
export function byKey(a: readonly AnyItem[], b: readonly AnyItem[], key: string): Merged {
  const partners = new Map<string, AnyItem>();
  for (const item of b) {
    const value = keyText(item.fields, key);
    if (value !== undefined && !partners.has(value)) partners.set(value, item);
  }
  const used = new Set<string>();
  let single = 0;
  const items = a.map((item) => {
    const value = keyText(item.fields, key);
    const partner = value === undefined ? undefined : partners.get(value);
    if (value === undefined || !partner) {
      single += 1;
      return item;
    }
    used.add(value);
    return joined(item, partner);
  });
  return { items, alone: { a: single, b: b.filter((item) => !used.has(keyText(item.fields, key) ?? '')).length } };
}

/** One item with the fields of both; where both have a field or a value, A's stays. */
function joined(a: AnyItem | undefined, b: AnyItem | undefined): AnyItem {
  const [first, second] = a ? [a, b] : [b, undefined];
  if (!first) throw new Error('A merge joined nothing with nothing.'); // Callers always have at least one of the two.
  return { value: first.value, fields: { ...second?.fields, ...first.fields } };
}

function keyText(fields: JsonObject, key: string): string | undefined {
  const value = Object.hasOwn(fields, key) ? fields[key] : undefined;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}
