import sharp from 'sharp';
import { seen } from './expect.ts';
import { photo } from './photo.ts';
import type { Chapter } from './story.ts';

export const assetChapters: readonly Chapter[] = [
  {
    title: 'a picture is kept as an asset, upscaled by price and time, and compared with what came of it',
    async read(stage) {
      const { page } = stage;
      await page.goto(`${stage.address}/`);
      await page.getByRole('link', { name: 'Assets' }).click();
      await seen(page.getByText('Keep a picture here'));
      await stage.picture('assets-empty');
      const buffer = await photo();
      const add = page.getByTestId('asset-files');
      await add.setInputFiles({ name: 'garden at noon.jpg', mimeType: 'image/jpeg', buffer });
      await seen(page.getByRole('link', { name: 'garden at noon.jpg' }));
      await add.setInputFiles({ name: 'notes.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no picture') });
      await seen(page.getByRole('alert').filter({ hasText: 'notes.jpg' }));
      await page.getByRole('button', { name: 'Dismiss notes.jpg' }).click();
      await page.getByRole('link', { name: 'garden at noon.jpg' }).click();
      await page.getByRole('button', { name: 'Upscale' }).click();
      await page.getByRole('radio', { name: /2x · Free.*1200 × 800/ }).check();
      await stage.picture('assets-upscale');
      await stage.accessible();
      await page.keyboard.press('Enter');
      await page.getByText(/After · 1200 × 800/).waitFor({ timeout: 60_000 });
      await stage.picture('asset');
      await stage.accessible();
      await stage.inTheme('dark', async () => {
        await stage.picture('asset-dark');
        await stage.accessible();
      });
      await page.getByRole('link', { name: 'Assets' }).first().click();
      await seen(page.getByText('1 upscale'));
      // Somebody else renames it, and the page says so by itself.
      await page.evaluate(async () => {
        const { assets } = await (await fetch('/api/v1/assets')).json();
        const headers = { 'content-type': 'application/json' };
        const body = JSON.stringify({ name: 'Garden at noon' });
        await fetch(`/api/v1/assets/${assets[0].id}`, { method: 'PATCH', headers, body });
      });
      await seen(page.getByRole('link', { name: 'Garden at noon', exact: true }));
    },
  },
  {
    title: 'a picture too large for a browser opens in tiles, down to its pixels, by keyboard alone',
    async read(stage) {
      const { page } = stage;
      const buffer = await sharp(await photo())
        .resize(5200)
        .jpeg()
        .toBuffer();
      await page.getByTestId('asset-files').setInputFiles({ name: 'poster.jpg', mimeType: 'image/jpeg', buffer });
      await page.getByRole('link', { name: 'poster.jpg' }).click();
      const picture = page.getByRole('application', { name: /^poster\.jpg/ });
      await seen(picture);
      await stage.picture('asset-large');
      await stage.accessible();
      await picture.focus();
      // The tiles of level 13 have all the pixels.
      const tile = page.waitForResponse((response) => /\/tiles\/13\/\d+_\d+\.jpeg$/.test(response.url()));
      for (let press = 0; press < 5; press++) await page.keyboard.press('+');
      if (!(await tile).ok()) throw new Error(`a tile was answered with ${(await tile).status()}`);
      await page.keyboard.press('ArrowRight');
      await stage.inTheme('dark', () => stage.picture('asset-large-zoomed-dark'));
    },
  },
  {
    title: 'several assets are upscaled at once by keyboard, and what is too large for it is said by name before',
    async read(stage) {
      const { page } = stage;
      await page.getByRole('link', { name: 'Assets' }).first().click();
      await page.getByRole('checkbox', { name: 'Mark poster.jpg' }).focus();
      await page.keyboard.press('Space');
      await page.getByRole('checkbox', { name: 'Mark Garden at noon' }).focus();
      await page.keyboard.press('Space');
      await seen(page.getByText('2 assets marked'));
      await stage.picture('assets-marked');
      await stage.accessible();
      await stage.inTheme('dark', () => stage.picture('assets-marked-dark'));
      await page.getByRole('region', { name: 'Marked assets' }).getByRole('button', { name: 'Upscale' }).press('Enter');
      const dialog = page.getByRole('dialog', { name: 'Upscale 2 assets' });
      await seen(dialog.getByRole('radio', { name: /4x · Standard.*1 of 2/, checked: true }));
      await seen(dialog.getByText(/^poster\.jpg has 5200 x \d+ pixels/));
      await stage.picture('assets-batch');
      await stage.accessible();
      await stage.inTheme('dark', async () => {
        await stage.picture('assets-batch-dark');
        await stage.accessible();
      });
      await page.keyboard.press('Enter');
      await seen(page.getByText('1 upscale goes on when you leave this page.'));
      await page.getByText('2 upscales').waitFor();
    },
  },
  {
    title: 'an asset that nobody needs is deleted',
    async read(stage) {
      const { page } = stage;
      await page.getByRole('link', { name: 'poster.jpg' }).click();
      await page.getByRole('button', { name: 'Delete' }).click();
      await page.getByRole('button', { name: 'Delete' }).last().click();
      await page.waitForURL('**/assets');
      await seen(page.getByRole('link', { name: 'Garden at noon' }));
      await stage.picture('assets');
      await stage.accessible();
      await stage.inTheme('dark', () => stage.picture('assets-dark'));
    },
  },
];
