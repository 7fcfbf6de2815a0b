/** Names that Windows keeps for devices; a folder shared with one could not hold them. */
const RESERVED = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i;
/** What at least one common file system refuses in a name. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
const UNSAFE = /[\u0000-\u001f\u007f-\u009f<>:"|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
/** Bytes; the limit of most file systems is 255, and a taken name still has to get a number. */
const MAX_PART_BYTES = 200;

/**
 * A relative path that every common file system takes: parts in NFC without control or reserved characters, device names, `.` or `..`,
 * leading or trailing dots and spaces, at most 200 bytes each. Backslashes separate parts too.
 * @returns an empty text when nothing is left.
 */
export function cleanExportPath(path: string): string {
  return path
    .split(/[/\\]+/)
    .map(cleanPart)
    .filter((part) => part !== '')
    .join('/');
}

function cleanPart(part: string): string {
  const plain = trimmed(part.toWellFormed().normalize('NFC').replaceAll(UNSAFE, '-'));
  if (/^[.-]*$/.test(plain)) return '';
  const named = RESERVED.test(plain) ? `_${plain}` : plain;
  return shortened(named);
}

/** Hidden files and names that end in a dot or space surprise people, and Windows cannot open the latter. */
function trimmed(part: string): string {
  return part.replace(/^[\s.]+/u, '').replace(/[\s.]+$/u, '');
}

function shortened(part: string): string {
  if (Buffer.byteLength(part) <= MAX_PART_BYTES) return part;
  const extension = /\.[A-Za-z0-9]{1,8}$/.exec(part)?.[0] ?? '';
  let stem = part.slice(0, part.length - extension.length);
  while (Buffer.byteLength(stem) + extension.length > MAX_PART_BYTES) stem = [...stem].slice(0, -1).join('');
  return trimmed(stem) + extension;
}

/**
 * Where a file is saved: the asked path, cleaned. A path that ends with `/` is a folder and gets the file's name; one without the
 * file's extension gets it, so that what is saved can be opened.
 */
export function exportPathOf(asked: string, fileName: string): string {
  const whole = /[/\\]\s*$/.test(asked) || asked.trim() === '' ? `${asked}/${fileName}` : asked;
  const path = cleanExportPath(whole);
  const extension = /\.[A-Za-z0-9]{1,8}$/.exec(fileName)?.[0] ?? '';
  return path === '' || sameExtension(path, extension) ? path : path + extension.toLowerCase();
}

const SPELLINGS: Record<string, string> = { '.jpeg': '.jpg', '.tif': '.tiff', '.htm': '.html' };

function sameExtension(path: string, extension: string): boolean {
  const spelled = (text: string) => SPELLINGS[text.toLowerCase()] ?? text.toLowerCase();
  return spelled(/\.[A-Za-z0-9]{1,8}$/.exec(path)?.[0] ?? '') === spelled(extension) || extension === '';
}
