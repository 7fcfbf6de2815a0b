const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';

/** Makes an id that is not in use. Given as an argument so that tests and undo stay repeatable. */
export type NewId = () => string;

/** Ten random letters and digits: enough that two people pasting into one graph never meet. */
export const randomId: NewId = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(10));
  return Array.from(bytes, (byte) => ALPHABET[byte % ALPHABET.length]).join('');
};

/** `wanted`, or `wanted 2`, `wanted 3`, ... : the first that is not taken. */
export function freeName(wanted: string, taken: ReadonlySet<string>, separator = ' '): string {
  if (!taken.has(wanted)) return wanted;
  for (let count = 2; ; count++) {
    const name = `${wanted}${separator}${count}`;
    if (!taken.has(name)) return name;
  }
}
