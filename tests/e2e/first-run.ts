/// <reference lib="dom" />
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { card, cardsAre, saved, seen, until } from './expect.ts';
import { photo } from './photo.ts';
import type { Chapter } from './story.ts';

export const firstRunChapters: readonly Chapter[] = [
  {
    title: 'the starter workflow opens, and says what it needs before a run',
    async read(stage) {
      const { page } = stage;
      await page.getByRole('link', { name: 'Photo to carousel', exact: true }).click();
      await page.waitForURL('**/workflows/*');
      for (const name of ['Photo', 'Upscale 2x', 'Carousel', 'Save to folder']) await seen(card(page, name));
      await seen(card(page, 'Photo').getByText('Drop a picture here'));
      await stage.picture('editor-first-visit');
      await stage.accessible();
      await page.getByRole('button', { name: 'Run', exact: true }).click();
      await seen(page.getByRole('dialog').getByText('Pictures'));
      await stage.picture('editor-run-form');
      await page.getByRole('button', { name: 'Not now' }).click();
    },
  },
  {
    title: 'a photo dropped on the input card is uploaded, and price and time appear',
    async read(stage) {
      const { page } = stage;
      const bytes = await photo();
      const transfer = await page.evaluateHandle(
        ([base64]) => {
          const data = new DataTransfer();
          const content = Uint8Array.from(atob(base64 as string), (letter) => letter.charCodeAt(0));
          data.items.add(new File([content], 'garden.jpg', { type: 'image/jpeg' }));
          return data;
        },
        [bytes.toString('base64')],
      );
      const target = card(page, 'Photo');
      const box = await target.boundingBox();
      const at = { clientX: (box?.x ?? 0) + 40, clientY: (box?.y ?? 0) + 40, dataTransfer: transfer };
      await target.dispatchEvent('dragover', at);
      await target.dispatchEvent('drop', at);
      await seen(target.getByText('garden.jpg'));
      await saved(page);
      await seen(page.getByText(/25 credits · ~/));
      await until('Run may be pressed', () => page.getByRole('button', { name: 'Run', exact: true }).isEnabled());
      await stage.picture('editor-photo-in');
    },
  },
  {
    title: 'a run lights up each node, shows pictures, and compares before and after',
    async read(stage) {
      const { page } = stage;
      await page.getByRole('button', { name: 'Run', exact: true }).click();
      await seen(page.getByRole('button', { name: /^Cancel/ }));
      await stage.picture('editor-running');
      await cardsAre(page, ['succeeded', 'cached']);
      await seen(card(page, 'Carousel').locator('img'));
      await page.getByRole('list', { name: 'Results by node' }).getByText('Upscale 2x').click();
      await seen(page.getByText(/Before · 600 × 400/));
      await seen(page.getByText(/After · 1200 × 800/));
      await stage.picture('editor-compare');
      await stage.accessible();
      await stage.inTheme('dark', async () => {
        await stage.picture('editor-compare-dark');
        await stage.accessible();
      });
      const slider = page.locator('[data-rcs="handle-container"], [role="slider"]').first();
      await slider.focus();
      await page.keyboard.press('ArrowLeft');
    },
  },
  {
    title: 'the slides come as a ZIP, and lie in the data folder too',
    async read(stage) {
      const { page } = stage;
      await page.getByRole('list', { name: 'Results by node' }).getByText('Carousel').click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page
          .getByRole('link', { name: 'Download all' })
          .or(page.getByRole('button', { name: 'Download all' }))
          .click(),
      ]);
      const zip = await readFile(await download.path());
      if (zip.subarray(0, 4).toString('latin1') !== 'PK\u0003\u0004') throw new Error('the download is not a ZIP');
      if (!zip.includes('slide-01')) throw new Error('the ZIP holds no slide');
      const outputs = await readdir(join(stage.data, 'outputs'), { recursive: true });
      if (!outputs.some((name) => name.includes('Photo to carousel') && /slide-01\.(jpg|png)$/.test(name)))
        throw new Error(`the slide is not in the data folder: ${outputs.join(', ')}`);
      await stage.picture('editor-carousel');
    },
  },
  {
    title: 'items and logs of the run can be read',
    async read(stage) {
      const { page } = stage;
      await page.getByRole('tab', { name: 'Items' }).click();
      await seen(page.getByRole('tabpanel').getByRole('table'));
      await stage.picture('editor-items');
      await stage.accessible();
      await page.getByRole('tab', { name: 'Log' }).click();
      await seen(page.getByRole('tabpanel').getByText(/Upscaled by the network Imaginarium/));
      await stage.picture('editor-log');
      await stage.accessible();
    },
  },
];
