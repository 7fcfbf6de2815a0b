/** A name space and the properties in it that say where a photo was taken. */
const PLACES = String.raw`exif:GPS\w+|photoshop:(?:City|State|Country)|Iptc4xmpCore:(?:Location|CountryCode)|Iptc4xmpExt:Location\w+`;
/** What is not true any more of a picture that was turned upright, enlarged or cut. */
const OUTDATED = 'tiff:(?:Orientation|ImageWidth|ImageLength)|exif:Pixel[XY]Dimension';

/**
 * XMP data without what is not true any more of the written picture, and on request without where it was taken.
 * @returns undefined when the bytes are no text.
 */
export function keptXmp(bytes: Uint8Array, place: boolean): string | undefined {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return;
  }
  const names = place ? OUTDATED : `${OUTDATED}|${PLACES}`;
  return text
    .replace(new RegExp(String.raw`<(${names})(?:\s[^>]*)?/>`, 'g'), '')
    .replace(new RegExp(String.raw`<(${names})(?:\s[^>]*)?>[\s\S]*?</\1\s*>`, 'g'), '')
    .replace(new RegExp(String.raw`\s(?:${names})\s*=\s*(?:"[^"]*"|'[^']*')`, 'g'), '');
}
