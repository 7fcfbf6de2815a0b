/** Any value that survives a round trip through JSON. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A JSON object. Keys that could reach a prototype are refused on entry, see {@link findUnsafeJson}. */
export type JsonObject = { [key: string]: Json };

/** Keys that no stored document may carry: they reach prototypes when code assigns by name. */
export const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** What makes a document unsafe to store, and where it was found. */
export interface UnsafeJson {
  /** `not-json` is a value that JSON cannot carry unchanged: NaN, a function, a date, text with half a surrogate pair. */
  reason: 'forbidden-key' | 'too-deep' | 'not-json' | 'nul-character';
  /** Path from the document's root: object keys and array positions. */
  path: (string | number)[];
}

/**
 * Looks for the first thing in a parsed document that must not be stored: a key that reaches a prototype, nesting below
 * `maxDepth` (where cyclic references end too), a value JSON cannot carry, or a NUL character (PostgreSQL cannot hold it).
 * Walks without recursion, so that a hostile document cannot exhaust the stack.
 */
export function findUnsafeJson(document: unknown, maxDepth = 32): UnsafeJson | undefined {
  // Nearly all documents are safe, and to know that much takes no note of where one is.
  if (isSafe(document, Math.min(maxDepth, QUICK_DEPTH))) return undefined;
  const pending: Place[] = [{ value: document, key: '', holder: undefined, depth: 0 }];
  for (let place = pending.pop(); place; place = pending.pop()) {
    const { value, depth } = place;
    if (typeof value !== 'object' || value === null) {
      const reason = unsafeScalar(value);
      if (reason) return { reason, path: pathOf(place) };
      continue;
    }
    if (depth >= maxDepth) return { reason: 'too-deep', path: pathOf(place) };
    if (Array.isArray(value)) {
      for (const [index, entry] of value.entries())
        pending.push({ value: entry, key: index, holder: place, depth: depth + 1 });
      continue;
    }
    if (!isPlainObject(value)) return { reason: 'not-json', path: pathOf(place) };
    for (const key of Object.keys(value)) {
      const entry = { value: value[key], key, holder: place, depth: depth + 1 };
      if (FORBIDDEN_KEYS.has(key)) return { reason: 'forbidden-key', path: pathOf(entry) };
      const reason = unsafeScalar(key);
      if (reason) return { reason, path: pathOf(entry) };
      if (entry.value !== undefined) pending.push(entry);
    }
  }
  return undefined;
}

/** Levels of nesting that are looked through quickly: no stack is short of them. */
const QUICK_DEPTH = 64;

function isSafe(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return unsafeScalar(value) === undefined;
  if (levels <= 0) return false;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) if (!isSafe(value[index], levels - 1)) return false;
    return true;
  }
  if (!isPlainObject(value)) return false;
  for (const key of Object.keys(value)) {
    if (FORBIDDEN_KEYS.has(key) || unsafeScalar(key) !== undefined) return false;
    const entry = value[key];
    if (entry !== undefined && !isSafe(entry, levels - 1)) return false;
  }
  return true;
}

interface Place {
  value: unknown;
  key: string | number;
  holder: Place | undefined;
  depth: number;
}

function pathOf(place: Place): (string | number)[] {
  const path: (string | number)[] = [];
  for (let at = place; at.holder; at = at.holder) path.unshift(at.key);
  return path;
}

function unsafeScalar(value: unknown): UnsafeJson['reason'] | undefined {
  switch (typeof value) {
    case 'string':
      if (value.includes('\u0000')) return 'nul-character';
      return value.isWellFormed() ? undefined : 'not-json';
    case 'number':
      return Number.isFinite(value) ? undefined : 'not-json';
    case 'boolean':
      return undefined;
    default:
      return value === null ? undefined : 'not-json';
  }
}

/** Tells plain objects from dates, maps and instances, also those made in another realm (a frame, a test's window). */
function isPlainObject(value: object): value is Record<string, unknown> {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/**
 * JSON with object keys sorted, so that equal documents give equal text whatever order they were built in: the text that hashes,
 * diffs and files are made of. `undefined` entries are left out, as `JSON.stringify` does.
 * @param indent spaces per level; 0 (the default) gives one line.
 */
export function stableStringify(value: unknown, indent = 0): string {
  return JSON.stringify(sortKeys(value), null, indent);
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (value === null || typeof value !== 'object') return value;
  const source = value as Record<string, unknown>;
  const sorted: Record<string, unknown> = Object.create(null);
  for (const key of Object.keys(source).sort()) sorted[key] = sortKeys(source[key]);
  return sorted;
}
