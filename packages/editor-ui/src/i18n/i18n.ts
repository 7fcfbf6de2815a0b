import { createInstance } from 'i18next';
import { initReactI18next } from 'react-i18next';
import common from '../locales/en/common.json';
import notices from '../locales/en/notices.json';
import runs from '../locales/en/runs.json';
import waits from '../locales/en/waits.json';

/** The words of what every page shows, by namespace. */
const shown = { common, notices, runs, waits } as const;

/** The words of the other screens, by namespace: they come with the screen (app/router.tsx). */
const onDemand = {
  accounts: () => import('../locales/en/accounts.json'),
  assets: () => import('../locales/en/assets.json'),
  editor: () => import('../locales/en/editor.json'),
  home: () => import('../locales/en/home.json'),
  models: () => import('../locales/en/models.json'),
  prices: () => import('../locales/en/prices.json'),
  queue: () => import('../locales/en/queue.json'),
  usage: () => import('../locales/en/usage.json'),
  wallet: () => import('../locales/en/wallet.json'),
};

/** A namespace whose words a screen asks for when it is opened. */
export type ScreenWords = keyof typeof onDemand;

export const SCREEN_WORDS = Object.keys(onDemand) as ScreenWords[];

/** The words of every namespace, for the types of keys. */
export type English = typeof shown & {
  [Words in ScreenWords]: Awaited<ReturnType<(typeof onDemand)[Words]>>['default'];
};

export const i18n = createInstance();
void i18n
  .use(initReactI18next)
  .use({
    type: 'backend',
    read: async (_language: string, namespace: ScreenWords) => (await onDemand[namespace]()).default,
  })
  .init({
    lng: 'en',
    fallbackLng: 'en',
    ns: Object.keys(shown),
    defaultNS: 'common',
    resources: { en: shown },
    partialBundledLanguages: true,
    interpolation: { escapeValue: false }, // React escapes.
    initAsync: false,
  });
