import {
  elementType,
  type FileRef,
  findUnsafeJson,
  type Item,
  isFileRef,
  isListType,
  isMediaType,
  type Json,
  type PortType,
  type SinglePortType,
} from '@imaginarium/protocol';

/** Levels a value on a port may be nested. */
const MAX_DEPTH = 64;

/** The value of an item as a port of that type takes it: one value becomes a list of one, numbers and booleans their written form. */
export function portValue(item: Item, type: PortType): Json | FileRef {
  const value = item.file ?? item.value ?? null;
  const element = elementType(type);
  if (!isListType(type)) return asWritten(value, element);
  const list = Array.isArray(value) ? value.map((entry) => asWritten(entry, element)) : [asWritten(value, element)];
  return list as Json; // Files are JSON too.
}

function asWritten(value: Json | FileRef, type: SinglePortType): Json | FileRef {
  return type === 'text' && (typeof value === 'number' || typeof value === 'boolean') ? String(value) : value;
}

/**
 * Whether a value is what ports of a type carry.
 * @returns a sentence with what was expected and what came, or undefined when it fits.
 */
export function refuseType(type: PortType, value: unknown): string | undefined {
  const element = elementType(type);
  if (!isListType(type)) return isOfType(element, value) ? undefined : expected(element, value);
  if (!Array.isArray(value)) return expected(`a list of ${element}`, value);
  const stranger = value.findIndex((entry) => !isOfType(element, entry));
  return stranger < 0 ? undefined : `entry ${stranger + 1}: ${expected(element, value[stranger])}`;
}

/** Whether a value can be stored and sent on, as JSON that reaches no prototype. */
export function refuseUnsafe(value: unknown): string | undefined {
  const unsafe = typeof value === 'number' || typeof value === 'boolean' ? undefined : findUnsafeJson(value, MAX_DEPTH);
  if (!unsafe) return undefined;
  const place = unsafe.path.length > 0 ? ` at ${unsafe.path.slice(0, 8).join('.')}` : '';
  switch (unsafe.reason) {
    case 'forbidden-key':
      return `expected keys other than __proto__, constructor and prototype, received one${place}`;
    case 'too-deep':
      return `expected at most ${MAX_DEPTH} levels of nesting, received more`;
    case 'nul-character':
      return `expected text without NUL characters, received one${place}`;
    case 'not-json':
      return `expected what JSON can carry, received something else${place}`;
  }
}

function isOfType(type: SinglePortType, value: unknown): boolean {
  if (isMediaType(type)) return isFileRef(value) && value.kind === type;
  switch (type) {
    case 'text':
      return typeof value === 'string';
    case 'number':
      return typeof value === 'number' && Number.isFinite(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'json':
    case 'any':
      return value !== undefined;
  }
}

function expected(what: string, value: unknown): string {
  return `expected ${what}, received ${isFileRef(value) ? `${value.kind} (${value.name})` : nameOf(value)}`;
}

function nameOf(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return 'text';
  return Number.isNaN(value) ? 'no number' : typeof value;
}
