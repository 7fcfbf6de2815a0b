import { NonRetryableError } from '@imaginarium/node-sdk';

/**
 * The text of a file: UTF-8, or UTF-16 when it says so by its first bytes, without them.
 * @throws {NonRetryableError} when the bytes are neither.
 */
export function decodeText(name: string, bytes: Uint8Array): string {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new NonRetryableError(
      `${name}: expected text in UTF-8, received other bytes. Save it as "CSV UTF-8" or as JSON.`,
      { cause },
    );
  }
}
