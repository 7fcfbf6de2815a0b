import { isFileRef, type Json, NonRetryableError } from '@imaginarium/node-sdk';
import { quoted } from '../values/plain-value.ts';

/**
 * The entries of a list, or the pieces of a text. Pieces are trimmed, and blank ones are none.
 * @param name what an error calls the value.
 * @throws {NonRetryableError} for what is neither a list nor a text, nor nothing.
 */
export function partsOf(value: Json | undefined, separator: string, name: string): Json[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return [...value];
  if (typeof value === 'number' || typeof value === 'boolean') return [value];
  if (typeof value === 'string')
    return value
      .split(separator)
      .map((piece) => piece.trim())
      .filter((piece) => piece !== '');
  const received = isFileRef(value) ? `a file (${value.name})` : quoted(value);
  throw new NonRetryableError(`${name}: expected a list or a text, received ${received}. Name a field that holds one.`);
}
