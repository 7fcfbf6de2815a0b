import type { FileRef, Json } from '@imaginarium/node-sdk';

/** Whether what came through an `any` port is a file. */
export function isFile(value: Json | FileRef | undefined): value is FileRef {
  return (
    typeof value === 'object' &&
    value !== null &&
    'mime' in value &&
    typeof value.id === 'string' &&
    /^[0-9a-f]{64}$/.test(value.id)
  );
}
