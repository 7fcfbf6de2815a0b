import { readFile } from 'node:fs/promises';
import { seen } from './expect.ts';
import type { Chapter } from './story.ts';

export const walletChapters: readonly Chapter[] = [
  {
    title: 'the owner gives credits in the wallet, finds them in the ledger, narrows it and downloads it',
    async read(stage) {
      const { page } = stage;
      await page.goto(`${stage.address}/`);
      await page.getByRole('button', { name: /^Account/ }).click();
      await page.getByRole('menuitem', { name: 'Wallet' }).click();
      await seen(page.getByText('Credits are not limited on this server'));
      await page.getByLabel('Credits', { exact: true }).fill('2500');
      await page.getByLabel('Reason').fill('Budget for December');
      await page.getByRole('button', { name: 'Give credits' }).click();
      await seen(page.getByRole('row', { name: /Grant.*Budget for December.*\+2,500/ }));
      await page.getByText(/2,500 credits were given to/).waitFor({ state: 'detached' });
      await stage.picture('wallet');
      await stage.accessible();
      await stage.inTheme('dark', async () => {
        await stage.picture('wallet-dark');
        await stage.accessible();
      });
      const begun = page.waitForEvent('download');
      await page.getByRole('link', { name: 'Download CSV' }).click();
      const csv = await readFile(await (await begun).path(), 'utf8');
      if (!csv.includes('Budget for December')) throw new Error(`the CSV has no line for the grant:\n${csv}`);
      await page.goto(`${stage.address}/wallet?kind=refund`);
      await seen(page.getByText('Nothing fits these filters'));
      await stage.picture('wallet-nothing-fits');
      await page.getByRole('button', { name: 'Clear the filters' }).click();
      await seen(page.getByText('Budget for December'));
    },
  },
];
