import { createHash, timingSafeEqual } from 'node:crypto';
import { customAlphabet } from 'nanoid';
import type { Config } from '../config.ts';
import { isLoopback } from '../loopback.ts';

/** Characters that nobody mixes up when they are read from a terminal. */
const makeCode = customAlphabet('23456789ABCDEFGHJKMNPQRSTVWXYZ', 12);

/**
 * The code that first-run set-up asks for: whoever reaches the server first must also be able to read its terminal. Null when only
 * this machine reaches the server. Print it at start while there is no owner; it holds until the process ends.
 */
export function newSetupCode(config: Pick<Config, 'host' | 'publicUrl'>): string | null {
  return isLoopback(config.host) && config.publicUrl === null ? null : makeCode().replace(/(.{4})(?=.)/g, '$1-');
}

/** Compares a typed code with the printed one, in a time that tells nothing. Case, spaces and dashes are forgiven. */
export function fitsSetupCode(code: string, typed: string | undefined): boolean {
  return timingSafeEqual(digest(code), digest(typed ?? ''));
}

function digest(code: string): Buffer {
  return createHash('sha256').update(code.toUpperCase().replace(/[\s-]/g, '')).digest();
}
