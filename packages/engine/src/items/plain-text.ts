/** Text that any database stores: cut to a length, without NUL characters and halves of surrogate pairs. Nodes hand over anything. */
export function plainText(text: unknown, maxLength: number): string {
  return String(text).slice(0, maxLength).replaceAll('\u0000', '\ufffd').toWellFormed();
}
