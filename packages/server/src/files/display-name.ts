/** Control characters, and those that turn the direction of text so that a name reads as another: `gnp.exe` shown as `exe.png`. */
const UNSHOWN = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** A file's name as people gave it, fit to be shown. It is never a path and names nothing on the disk. */
export function displayName(given: string): string {
  const last = given.normalize('NFC').replace(UNSHOWN, '').split(/[\\/]/).at(-1)?.trim() ?? '';
  return last === '' || last === '.' || last === '..' ? 'file' : last.slice(0, 255).toWellFormed();
}

/** The header that names a download in every browser (RFC 6266, RFC 5987). */
export function contentDisposition(kind: 'inline' | 'attachment', name: string): string {
  const shown = displayName(name);
  const plain = shown.replace(/[^\x20-\x7e]|["\\%;]/g, '_');
  // A lone half of a surrogate pair cannot be encoded.
  const encoded = encodeURIComponent(shown.toWellFormed()).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${kind}; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
