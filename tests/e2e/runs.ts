import { readFile } from 'node:fs/promises';
import { card, seen, until } from './expect.ts';
import type { Chapter } from './story.ts';

export const runChapters: readonly Chapter[] = [
  {
    title: 'home shows the workflow with its last picture, and the recent runs',
    async read(stage) {
      const { page } = stage;
      await page.getByRole('link', { name: 'Back to your workflows' }).click();
      await seen(page.getByRole('heading', { name: 'Recent runs' }));
      await seen(page.locator('main img'));
      await stage.picture('home');
      await stage.accessible();
    },
  },
  {
    title: 'a workflow leaves as a file, and comes back as a workflow of its own',
    async read(stage) {
      const { page } = stage;
      await page.getByRole('button', { name: 'More for Photo to carousel' }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('menuitem', { name: 'Export as file' }).click(),
      ]);
      const text = await readFile(await download.path(), 'utf8');
      if (text.includes('garden.jpg')) throw new Error('the exported file names a picture of this server');
      const file = { name: download.suggestedFilename(), mimeType: 'application/json', buffer: Buffer.from(text) };
      await page.getByTestId('workflow-file').setInputFiles({ ...file, buffer: Buffer.from('{"nodes": 3}') });
      await seen(page.getByText('The file could not be imported'));
      await stage.picture('home-bad-import');
      await stage.accessible();
      await page.getByTestId('workflow-file').setInputFiles(file);
      await page.waitForURL('**/workflows/*');
      await seen(card(page, 'Resize'));
      await page.getByRole('link', { name: 'Back to your workflows' }).click();
      await seen(page.getByRole('heading', { name: 'Recent runs' }));
    },
  },
  {
    title: 'the list of runs leads to an earlier run, its steps, pictures and logs',
    async read(stage) {
      const { page } = stage;
      await page.getByRole('link', { name: 'Runs', exact: true }).click();
      await seen(page.getByRole('heading', { name: 'Runs' }));
      await seen(page.getByRole('table'));
      await stage.picture('runs');
      await stage.accessible();
      await page.getByRole('row').last().getByRole('link').first().click();
      await page.waitForURL('**/runs/*');
      await seen(page.getByRole('heading', { name: 'Steps' }));
      for (const name of ['Photo', 'Upscale 2x', 'Carousel', 'Save to folder'])
        await seen(page.getByText(name, { exact: true }));
      await stage.picture('run');
      await stage.accessible();
      await stage.inTheme('dark', async () => {
        await stage.picture('run-dark');
        await stage.accessible();
      });
      const toLedger = page.getByRole('link', { name: 'Show in the ledger' });
      await toLedger.scrollIntoViewIfNeeded();
      await seen(page.getByRole('row', { name: /^Carousel.* 25$/ }));
      await seen(page.getByText(/^Only counted/));
      await stage.picture('run-receipt');
      await toLedger.click();
      await seen(page.getByRole('row', { name: /Charge.*Photo to carousel.*only counted 25/ }));
      await stage.picture('wallet-of-a-run');
      await stage.accessible();
      await page.goBack();
      await seen(page.getByRole('heading', { name: 'Receipt' }));
    },
  },
  {
    title: 'the account page makes an API key that works, and revokes it',
    async read(stage) {
      const { page } = stage;
      await page.goto(`${stage.address}/account`);
      await seen(page.getByRole('heading', { name: 'API keys' }));
      await page.getByLabel('Name of the key').fill('Shop');
      await page.getByRole('button', { name: 'Make key' }).click();
      const key = await page
        .getByText(/^img_[\w-]{20,}$/)
        .first()
        .innerText();
      await stage.picture('account-key');
      await stage.accessible();
      const status = async () => {
        const answer = await fetch(`${stage.address}/api/v1/workflows`, {
          headers: { authorization: `Bearer ${key}` },
        });
        return answer.status;
      };
      if ((await status()) !== 200) throw new Error(`the new key answers ${await status()}`);
      await page.getByRole('button', { name: 'I have copied it' }).click();
      await page
        .getByRole('button', { name: /Revoke/ })
        .first()
        .click();
      await page
        .getByRole('button', { name: /Revoke/ })
        .last()
        .click();
      await until('the key is revoked', async () => (await status()) === 401);
    },
  },
  {
    title: 'the reference of the API is read without another host',
    async read(stage) {
      const { page } = stage;
      await page.goto(`${stage.address}/api/v1/reference`);
      await seen(page.getByText('Imaginarium').first());
      await seen(page.getByText('Workflows').first());
      await stage.picture('reference');
    },
  },
];
