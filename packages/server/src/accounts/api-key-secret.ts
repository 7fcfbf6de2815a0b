import { createHash } from 'node:crypto';
import { nanoid } from 'nanoid';

/** A new API key: `img_` and 40 random characters (240 bits). It is shown once; only its hash is stored. */
export function newApiKey(): { key: string; prefix: string; hash: string } {
  const key = `img_${nanoid(40)}`;
  return { key, prefix: key.slice(0, 8), hash: hashApiKey(key) };
}

/** The SHA-256 of a key in hex. A key is random enough to need no slow hash. */
export function hashApiKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** The API key in an `Authorization` header, if it carries one. */
export function bearerKey(header: string | undefined): string | undefined {
  return /^Bearer +(img_[\w-]{20,100})$/i.exec(header ?? '')?.[1];
}
