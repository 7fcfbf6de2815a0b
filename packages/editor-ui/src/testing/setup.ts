import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';
import { i18n, SCREEN_WORDS } from '../i18n/i18n.ts';

// Tests draw parts of screens without opening them.
await i18n.loadNamespaces(SCREEN_WORDS);

// A screen that loads a part of itself late does so in milliseconds here, and in seconds on a machine that has much to do.
configure({ asyncUtilTimeout: 20_000 });

// What jsdom lacks and the kit, the canvas and the theme ask for.
window.matchMedia ??= (query) =>
  ({
    matches: false,
    media: query,
    addEventListener: () => {},
    removeEventListener: () => {},
  }) as unknown as MediaQueryList;

globalThis.ResizeObserver ??= class {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
};

globalThis.DOMMatrixReadOnly ??= class {
  m22 = 1;
} as unknown as typeof DOMMatrixReadOnly;

Element.prototype.scrollIntoView ??= () => {};

afterEach(cleanup);
