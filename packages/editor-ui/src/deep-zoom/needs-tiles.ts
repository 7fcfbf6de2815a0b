import type { FileRef } from '@imaginarium/protocol';

/** The longest side in pixels that a browser is given whole. */
const MOST_WHOLE = 4096;
/** The longest side of the largest preview. */
const PREVIEW = 1600;
const SHOWN_BY_BROWSERS = new Set(['image/png', 'image/jpeg', 'image/webp', 'image/avif', 'image/gif']);

/** Whether browsers can show the bytes of a picture as they are. */
export function isShownByBrowsers({ mime }: FileRef): boolean {
  return SHOWN_BY_BROWSERS.has(mime);
}

/** Whether a picture shows all that it has only in tiles: it is too large for a browser, or of a type that browsers cannot show. */
export function needsTiles(file: FileRef): boolean {
  const longest = Math.max(file.width ?? 0, file.height ?? 0);
  return file.kind === 'image' && longest > (isShownByBrowsers(file) ? MOST_WHOLE : PREVIEW);
}
