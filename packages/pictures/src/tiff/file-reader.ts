import { readSync } from 'node:fs';
import type { ReadBytes } from './read-directory.ts';

/**
 * Gives bytes of an open file.
 * @param size bytes that it has.
 */
export function readerOf(descriptor: number, size: number): ReadBytes {
  return (at, length) => {
    const there = Math.max(0, Math.min(length, size - at));
    const bytes = Buffer.alloc(there);
    return there === 0 ? bytes : bytes.subarray(0, readSync(descriptor, bytes, 0, there, at));
  };
}
