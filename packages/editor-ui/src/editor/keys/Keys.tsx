const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);
const NAMES: Record<string, string> = {
  Mod: isMac ? '⌘' : 'Ctrl',
  Shift: isMac ? '⇧' : 'Shift',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
};

/** A combination of keys, as the machine at hand writes them. */
export function Keys({ keys }: { keys: string }) {
  return keys.split('+').map((key) => <kbd key={key}>{NAMES[key] ?? key}</kbd>);
}
