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
  {
    title: 'the owner sets a budget, sees what was used as a chart and as a table, and downloads it',
    async read(stage) {
      const { page } = stage;
      await page.goto(`${stage.address}/wallet`);
      await page.getByRole('button', { name: 'Set a budget' }).click();
      await page.getByLabel('Credits in a month').fill('100000');
      await page.getByRole('button', { name: 'Save the budget' }).click();
      await seen(page.getByText(/of 100,000 credits went to runs of this month/));
      await stage.accessible();
      await page.getByRole('link', { name: 'Usage' }).click();
      await seen(page.getByRole('row', { name: /Carousel/ }));
      await seen(page.getByRole('img', { name: 'Credits of each day by node type' }));
      // Not over a button: its colour while it is pointed at is that of the kit.
      await page.mouse.move(640, 700);
      await stage.picture('usage');
      await stage.accessible();
      await stage.inTheme('dark', async () => {
        await stage.picture('usage-dark');
        await stage.accessible();
      });
      await page.getByText('Show the chart as a table').click();
      await seen(page.getByRole('table', { name: 'Credits of each day by node type' }));
      const begun = page.waitForEvent('download');
      await page.getByRole('link', { name: 'Download CSV' }).click();
      const csv = await readFile(await (await begun).path(), 'utf8');
      if (!csv.includes('carousel.slides')) throw new Error(`the CSV has no line for the carousel:\n${csv}`);
    },
  },
  {
    title: 'the bell tells the person of a run that was cancelled, until they have read it',
    async read(stage) {
      const { page } = stage;
      const notBefore = new Date(Date.now() + 3_600_000).toISOString();
      await page.evaluate(async (later) => {
        const call = async (method: string, path: string, body?: object) => {
          const headers = { 'content-type': 'application/json' };
          const sent = body ? { method, headers, body: JSON.stringify(body) } : { method };
          const answer = await fetch(`/api/v1${path}`, sent);
          if (!answer.ok) throw new Error(await answer.text());
          return answer.status === 204 ? undefined : answer.json();
        };
        const { workflows } = await call('GET', '/workflows');
        const printing = workflows.find(({ name }: { name: string }) => name === 'Printing');
        const run = await call('POST', `/workflows/${printing.id}/runs`, { notBefore: later });
        await call('POST', `/runs/${run.id}/cancel`);
      }, notBefore);
      await page.goto(stage.address);
      await page.getByRole('link', { name: /notices? to read/ }).click();
      await seen(page.getByRole('link', { name: 'Printing was cancelled' }));
      await stage.picture('notices');
      await stage.accessible();
      await stage.inTheme('dark', async () => {
        await stage.picture('notices-dark');
        await stage.accessible();
      });
      await page.getByRole('button', { name: 'Mark all as read' }).click();
      await seen(page.getByRole('link', { name: 'Waiting for you', exact: true }));
    },
  },
];
