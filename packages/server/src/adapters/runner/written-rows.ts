import type { Json, JsonObject } from '@imaginarium/protocol';

/**
 * Rows as JSON, in which nothing stands twice: what a webhook brought, say, goes along with each of the hundred items that were made of it.
 */
export interface WrittenRows {
  /** The rows, with `null` where something stands that several of them have. */
  rows: string;
  /** What several have, each as its JSON. */
  common: readonly string[];
  places: readonly CommonPlace[];
}

/** Where rows have something in common. */
export interface CommonPlace {
  key: string;
  /** By holder (see {@link holdersOf}): which of what is common stands there under the key, -1 for none. */
  common: number[];
}

/** @param rows values by name, the same names in each. */
export function writeRows(rows: readonly JsonObject[]): WrittenRows {
  const holders = holdersOf(rows);
  const numbers = numberCommon(holders);
  if (numbers.size === 0) return { rows: JSON.stringify(rows), common: [], places: [] };
  const places = new Map<string, number[]>();
  const slim = new Map<Json, JsonObject>();
  for (const [index, holder] of holders.entries()) {
    const copy: JsonObject = { ...holder };
    for (const key in holder) {
      const number = numbers.get(holder[key] as object);
      if (number === undefined) continue;
      copy[key] = null;
      const place = places.get(key) ?? new Array<number>(holders.length).fill(-1);
      place[index] = number;
      places.set(key, place);
    }
    slim.set(holder, copy);
  }
  const slimmed = (value: Json): Json => slim.get(value) ?? (Array.isArray(value) ? value.map(slimmed) : value);
  const written = rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, slimmed(value)])),
  );
  return {
    rows: JSON.stringify(written),
    common: [...numbers.keys()].map((value) => JSON.stringify(value)),
    places: [...places].map(([key, common]) => ({ key, common })),
  };
}

/** What can hold something common: the objects that rows have by name, or in lists by name, in their order. */
function holdersOf(rows: readonly JsonObject[]): JsonObject[] {
  const holders: JsonObject[] = [];
  for (const row of rows)
    for (const name in row) {
      const value = row[name];
      for (const one of Array.isArray(value) ? value : [value]) if (isObject(one)) holders.push(one);
    }
  return holders;
}

/** Numbers the objects and lists that stand in several places: the very same one, for to compare what they hold would cost more than it saves. */
function numberCommon(holders: readonly JsonObject[]): Map<object, number> {
  const seen = new Set<object>();
  const numbers = new Map<object, number>();
  for (const holder of holders)
    for (const key in holder) {
      const value = holder[key];
      if (typeof value !== 'object' || value === null) continue;
      if (!seen.has(value)) seen.add(value);
      else if (!numbers.has(value)) numbers.set(value, numbers.size);
    }
  return numbers;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
