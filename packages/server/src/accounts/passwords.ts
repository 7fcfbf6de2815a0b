import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';

/** `Algorithm.Argon2id`: the library declares a const enum, which source that runs as it is cannot name. */
const ARGON2ID = 2;

/** Hashes a password with argon2id, at the memory and time that OWASP recommends (19 MiB, 2 passes). */
export function hashPassword(password: string): Promise<string> {
  return hash(password, { algorithm: ARGON2ID });
}

/**
 * Whether a password fits a hash. Without a hash, because there is no such person, it works as long and says no: the time of an
 * answer tells nobody which e-mails have an account.
 */
export async function verifyPassword(passwordHash: string | undefined, password: string): Promise<boolean> {
  strangerHash ??= hashPassword(randomBytes(24).toString('base64'));
  const fits = await verify(passwordHash ?? (await strangerHash), password);
  return fits && passwordHash !== undefined;
}

let strangerHash: Promise<string> | undefined;
