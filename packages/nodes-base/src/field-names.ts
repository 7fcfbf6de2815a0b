import type { Json } from '@imaginarium/node-sdk';

/** Names that no field may have: assigned by name, they would reach the prototype of every object. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/** Why a name cannot be a field, or undefined when it can. */
export function refuseFieldName(name: string): string | undefined {
  if (name.trim() === '') return 'a name is empty';
  if (FORBIDDEN.has(name)) return `"${name}" is a reserved name`;
  return name.includes('\u0000') ? 'a name holds a NUL character' : undefined;
}

/** How deep a value may be nested. */
const MAX_DEPTH = 30;

/** Looks through a value for names that {@link refuseFieldName} refuses, nesting that is too deep, and NUL characters. */
export function refuseValue(value: Json, depth = 0): string | undefined {
  if (typeof value === 'string') return value.includes('\u0000') ? 'a text holds a NUL character' : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth >= MAX_DEPTH) return `it is nested more than ${MAX_DEPTH} levels deep`;
  for (const [key, entry] of Object.entries(value)) {
    const refusal = (Array.isArray(value) ? undefined : refuseFieldName(key)) ?? refuseValue(entry, depth + 1);
    if (refusal) return refusal;
  }
  return undefined;
}
