/**
 * Reads what Node prints of an error that nobody caught: its message, with the file of the package and the line where it happened.
 * @param folder where the package was loaded from; paths are told relative to it.
 * @returns undefined where no error is printed.
 */
export function locateError(printed: string, folder: string): string | undefined {
  const message = /^\w*Error(?: \[\w+\])?: ([^\n]+)/m.exec(printed)?.[1] ?? /^Uncaught (.+)$/m.exec(printed)?.[1];
  if (message === undefined) return undefined;
  const inFolder = `(?:file://)?${RegExp.escape(folder)}/`;
  const place = new RegExp(`${inFolder}([^\\s:?)]+):(\\d+)`).exec(printed);
  const told = message.replaceAll(new RegExp(inFolder, 'g'), '');
  return place ? `${place[1]}:${place[2]}: ${told}` : told;
}
