import type { Json, JsonObject } from '@imaginarium/node-sdk';

/** A text with its names filled in. */
export interface FilledText {
  text: string;
  /** Names in braces that nothing is known by, each once. They stay in the text as written. */
  unknown: string[];
}

/**
 * Puts values in the place of `{name}`. Braces around anything but a name (letters, digits, `_`, `-`, starting with a letter or `_`)
 * are text, so JSON and CSS pass unharmed. Values are never read for names again.
 * @param sources looked through in order; the first that has the name gives its value.
 */
export function fillNames(text: string, ...sources: readonly JsonObject[]): FilledText {
  const unknown = new Set<string>();
  const filled = text.replaceAll(/\{([\p{L}_][\p{L}\p{N}_-]*)\}/gu, (written, name: string) => {
    const source = sources.find((candidate) => Object.hasOwn(candidate, name));
    if (source) return asText(source[name]);
    unknown.add(name);
    return written;
  });
  return { text: filled, unknown: [...unknown] };
}

function asText(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
