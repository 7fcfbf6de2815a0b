import { seen } from './expect.ts';
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
    },
  },
  {
    title: 'the account page makes an API key that works, and revokes it',
    async read(stage) {
      const { page } = stage;
      await page.goto(`${stage.address}/account`);
      await seen(page.getByRole('heading', { name: 'API keys' }));
      await stage.picture('account');
      await stage.accessible();
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
