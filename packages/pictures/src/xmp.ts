/** A name space and the properties in it that say where a photo was taken. */
const PLACES = String.raw`exif:GPS\w+|photoshop:(?:City|State|Country)|Iptc4xmpCore:(?:Location|CountryCode)|Iptc4xmpExt:Location\w+`;
/** What is not true any more of a picture that was turned upright, enlarged or cut. */
const OUTDATED = 'tiff:(?:Orientation|ImageWidth|ImageLength)|exif:Pixel[XY]Dimension';

/**
 * XMP data without what is not true any more of the written picture, and on request without where it was taken.
 * @returns undefined when the bytes are no text, or something in them begins that is to be left out and never ends.
 */
export function keptXmp(bytes: Uint8Array, place: boolean): string | undefined {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return;
  }
  const names = place ? OUTDATED : `${OUTDATED}|${PLACES}`;
  return withoutElements(text, names)?.replace(
    new RegExp(String.raw`\s(?:${names})\s*=\s*(?:"[^"]*"|'[^']*')`, 'g'),
    '',
  );
}

/** Goes through the text once, however often an element begins in it. */
function withoutElements(text: string, names: string): string | undefined {
  const kept: string[] = [];
  let from = 0;
  let inside: string | undefined;
  for (const { 0: tag, 1: slash, 2: name, index } of text.matchAll(
    new RegExp(String.raw`<(/?)(${names})(?:\s[^<>]*)?/?>`, 'g'),
  )) {
    const begins = inside === undefined && slash === '';
    if (!begins && !(slash === '/' && name === inside)) continue;
    if (begins) kept.push(text.slice(from, index));
    inside = begins && !tag.endsWith('/>') ? name : undefined;
    from = index + tag.length;
  }
  return inside === undefined ? `${kept.join('')}${text.slice(from)}` : undefined;
}
