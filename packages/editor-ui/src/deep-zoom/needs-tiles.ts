import type { FileRef } from '@imaginarium/protocol';
import { client } from '../api/client.ts';

/** The longest side in pixels that a browser is given whole. */
const MOST_WHOLE = 4096;
/** The longest side of the largest preview. */
const PREVIEW = 1600;
const SHOWN_BY_BROWSERS = new Set(['image/png', 'image/jpeg', 'image/webp', 'image/avif', 'image/gif']);

/** The address of a whole picture: its own bytes where a browser can show them, else the largest preview there is. */
export function wholeUrl({ id, mime }: FileRef): string {
  return SHOWN_BY_BROWSERS.has(mime) ? client.fileUrl(id) : client.thumbnailUrl(id, PREVIEW);
}

/** Whether a picture shows all that it has only in tiles: it is too large for a browser, or of a type that browsers cannot show. */
export function needsTiles(file: FileRef): boolean {
  const longest = Math.max(file.width ?? 0, file.height ?? 0);
  return file.kind === 'image' && longest > (SHOWN_BY_BROWSERS.has(file.mime) ? MOST_WHOLE : PREVIEW);
}
