import { existsSync } from 'node:fs';

/** How to get a browser, for the message of a test that is left out. */
export const chromiumRemedy =
  'Install Chromium or Chrome (Debian: apt-get install chromium) or set CHROMIUM_PATH to its executable.';

const usualPlaces = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/**
 * The executable of an installed Chromium or Chrome, or `null` when there is none. `CHROMIUM_PATH` wins.
 * Throws when `CHROMIUM_PATH` names a file that does not exist, as going on with another browser would surprise.
 */
export function findChromium(): string | null {
  const given = process.env.CHROMIUM_PATH;
  if (given !== undefined && given !== '') {
    if (!existsSync(given)) throw new Error(`CHROMIUM_PATH: expected an existing executable, received "${given}".`);
    return given;
  }
  return usualPlaces.find((path) => existsSync(path)) ?? null;
}
