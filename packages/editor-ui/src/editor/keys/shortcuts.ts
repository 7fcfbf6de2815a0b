/** Everything that a key does in the editor. */
export const COMMANDS = [
  'add',
  'inspect',
  'fit',
  'actualSize',
  'undo',
  'redo',
  'copy',
  'paste',
  'duplicate',
  'delete',
  'selectAll',
  'disable',
  'note',
  'frame',
  'run',
  'runTo',
  'goLeft',
  'goRight',
  'goUp',
  'goDown',
  'nextPort',
  'nextRegion',
  'escape',
  'commands',
  'keys',
] as const;
export type Command = (typeof COMMANDS)[number];

/** The keys of each command. `Mod` is ⌘ on a Mac and Ctrl elsewhere; copy and paste come as events of the browser. */
export const SHORTCUTS: Readonly<Record<Command, readonly string[]>> = {
  add: ['Tab'],
  inspect: ['Enter'],
  fit: ['F'],
  actualSize: ['1'],
  undo: ['Mod+Z'],
  redo: ['Mod+Shift+Z', 'Mod+Y'],
  copy: ['Mod+C'],
  paste: ['Mod+V'],
  duplicate: ['Mod+D'],
  delete: ['Delete', 'Backspace'],
  selectAll: ['Mod+A'],
  disable: ['D'],
  note: ['N'],
  frame: ['Mod+G'],
  run: ['Mod+Enter'],
  runTo: ['Mod+Shift+Enter'],
  goLeft: ['ArrowLeft'],
  goRight: ['ArrowRight'],
  goUp: ['ArrowUp'],
  goDown: ['ArrowDown'],
  nextPort: ['P'],
  nextRegion: ['F6'],
  escape: ['Escape'],
  commands: ['Mod+K'],
  keys: ['?'],
};

/** Left to the browser, which gives the clipboard only to its own events. */
const BROWSER_EVENTS: ReadonlySet<Command> = new Set(['copy', 'paste']);
/** These work wherever the focus is, in a text field too. */
const EVERYWHERE: ReadonlySet<Command> = new Set(['run', 'runTo', 'nextRegion', 'commands']);

const byKeys = new Map(
  COMMANDS.filter((command) => !BROWSER_EVENTS.has(command)).flatMap((command) =>
    SHORTCUTS[command].map((keys) => [keys, command] as const),
  ),
);

interface KeyPress {
  key: string;
  metaKey: boolean;
  ctrlKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
}

/** The command of a key press, or undefined. While somebody writes, only what works everywhere. */
export function commandOf(press: KeyPress, writing: boolean): Command | undefined {
  if (press.altKey) return undefined;
  const letter = press.key.length === 1 ? press.key.toUpperCase() : press.key;
  const shifted = press.shiftKey && letter !== '?';
  const keys = [press.metaKey || press.ctrlKey ? 'Mod' : '', shifted ? 'Shift' : '', letter].filter(Boolean).join('+');
  const command = byKeys.get(keys);
  return command && (!writing || EVERYWHERE.has(command)) ? command : undefined;
}

/** Whether an element takes what is typed. */
export function takesText(element: Element | null): boolean {
  return (
    element instanceof HTMLElement &&
    (element.isContentEditable ||
      element.matches('textarea, select, [role="slider"], [role="combobox"], [role="listbox"], [role="spinbutton"]') ||
      (element instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'file'].includes(element.type)))
  );
}
