import { createInstance } from 'i18next';
import { initReactI18next } from 'react-i18next';
import accounts from '../locales/en/accounts.json';
import assets from '../locales/en/assets.json';
import common from '../locales/en/common.json';
import editor from '../locales/en/editor.json';
import home from '../locales/en/home.json';
import models from '../locales/en/models.json';
import notices from '../locales/en/notices.json';
import prices from '../locales/en/prices.json';
import queue from '../locales/en/queue.json';
import runs from '../locales/en/runs.json';
import usage from '../locales/en/usage.json';
import waits from '../locales/en/waits.json';
import wallet from '../locales/en/wallet.json';

/** The words of every screen, by namespace. */
export const english = {
  common,
  home,
  runs,
  queue,
  editor,
  accounts,
  waits,
  wallet,
  usage,
  notices,
  prices,
  models,
  assets,
} as const;

/** Bundled, so that no screen waits for its words. */
export const i18n = createInstance();
void i18n.use(initReactI18next).init({
  lng: 'en',
  fallbackLng: 'en',
  defaultNS: 'common',
  resources: { en: english },
  interpolation: { escapeValue: false }, // React escapes.
  initAsync: false,
});
