/**
 * A key for a request that must not count twice when it is sent again. `crypto.randomUUID` is missing where the page came by plain http from
 * another machine, as it does in many a home.
 */
export function newIdempotencyKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
