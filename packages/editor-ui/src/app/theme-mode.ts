import { create } from 'zustand';

/** What a person chose; `system` follows the machine. */
export type ThemeMode = 'light' | 'dark' | 'system';
export const THEME_MODES: readonly ThemeMode[] = ['light', 'dark', 'system'];

/** Also read by `public/theme.js`, before the first paint. */
const STORAGE_KEY = 'imaginarium:theme';

const systemDark = window.matchMedia('(prefers-color-scheme: dark)');

interface ThemeState {
  mode: ThemeMode;
  /** What the mode comes to now. */
  dark: boolean;
  setMode: (mode: ThemeMode) => void;
}

/** The theme, remembered on this machine. */
export const useTheme = create<ThemeState>()((set, get) => {
  systemDark.addEventListener('change', () => get().setMode(get().mode));
  const mode = readMode();
  return { mode, dark: isDark(mode), setMode: (next) => set({ mode: next, dark: isDark(next) }) };
});

useTheme.subscribe(({ mode, dark }) => {
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  try {
    localStorage.setItem(STORAGE_KEY, mode);
  } catch {
    // A browser that keeps nothing still shows the chosen theme until it is closed.
  }
});

function isDark(mode: ThemeMode): boolean {
  return mode === 'dark' || (mode === 'system' && systemDark.matches);
}

function readMode(): ThemeMode {
  try {
    const stored = localStorage.getItem(STORAGE_KEY);
    return THEME_MODES.find((mode) => mode === stored) ?? 'system';
  } catch {
    return 'system';
  }
}
