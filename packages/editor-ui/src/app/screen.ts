import type { ComponentType } from 'react';
import { i18n, type ScreenWords } from '../i18n/i18n.ts';

/** A screen that is loaded, with the words it speaks, when it is first opened. */
export const screen =
  (load: () => Promise<ComponentType>, ...words: ScreenWords[]) =>
  async (): Promise<{ Component: ComponentType }> => {
    const [Component] = await Promise.all([load(), i18n.loadNamespaces(words)]);
    return { Component };
  };
