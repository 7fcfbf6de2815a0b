/** Any value that survives a round trip through JSON. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A JSON object. Keys that could reach a prototype are refused on entry, see {@link findUnsafeJson}. */
export type JsonObject = { [key: string]: Json };

/** Keys that no stored document may carry: they reach prototypes when code assigns by name. */
export const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** What makes a document unsafe to store, and where it was found. */
export interface UnsafeJson {
  reason: 'forbidden-key' | 'too-deep' | 'not-json' | 'nul-character';
  /** Path from the document's root: object keys and array positions. */
  path: (string | number)[];
}

/**
 * Looks for the first thing in a parsed document that must not be stored: a key that reaches a prototype, nesting below
 * `maxDepth`, a value JSON cannot hold (NaN, functions, cyclic references end as `too-deep`), or a NUL character (PostgreSQL cannot hold it).
 * Walks without recursion, so that a hostile document cannot exhaust the stack.
 */
export function findUnsafeJson(document: unknown, maxDepth = 32): UnsafeJson | undefined {
  const pending: { value: unknown; path: (string | number)[] }[] = [{ value: document, path: [] }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { value, path } = next;
    if (typeof value === 'string') {
      if (value.includes('\u0000')) return { reason: 'nul-character', path };
      continue;
    }
    if (value === null || typeof value === 'boolean') continue;
    if (typeof value === 'number') {
      if (!Number.isFinite(value)) return { reason: 'not-json', path };
      continue;
    }
    if (typeof value !== 'object') return { reason: 'not-json', path };
    if (path.length >= maxDepth) return { reason: 'too-deep', path };
    if (Array.isArray(value)) {
      for (const [index, entry] of value.entries()) pending.push({ value: entry, path: [...path, index] });
      continue;
    }
    for (const key of Object.keys(value)) {
      const entry = (value as Record<string, unknown>)[key];
      if (FORBIDDEN_KEYS.has(key)) return { reason: 'forbidden-key', path: [...path, key] };
      if (key.includes('\u0000')) return { reason: 'nul-character', path: [...path, key] };
      if (entry !== undefined) pending.push({ value: entry, path: [...path, key] });
    }
  }
  return undefined;
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
