import { seen } from './expect.ts';
import type { Chapter } from './story.ts';

export const pricesChapters: readonly Chapter[] = [
  {
    title: 'the owner drafts prices, sees what they change, publishes them and goes back',
    async read(stage) {
      const { page } = stage;
      await page.goto(`${stage.address}/`);
      await page.getByRole('button', { name: /^Account/ }).click();
      await page.getByRole('menuitem', { name: 'Prices' }).click();
      const credits = page.getByRole('textbox', { name: /^Credits: .*arousel/ });
      await credits.waitFor();
      await stage.picture('prices');
      await stage.accessible();
      await credits.fill('1.5');
      await page.getByRole('textbox', { name: 'Worth of one credit' }).focus();
      await seen(page.getByText('A whole number from 0.'));
      await stage.picture('prices-wrong');
      await stage.accessible();
      await credits.fill('30');
      const effect = page.getByRole('table', { name: 'What it changes' });
      await seen(effect.getByRole('row', { name: /Photo to carousel.*25.*30/ }).first());
      await effect.scrollIntoViewIfNeeded();
      await stage.picture('prices-effect');
      await stage.inTheme('dark', async () => {
        await stage.picture('prices-effect-dark');
        await stage.accessible();
      });
      await page.getByRole('button', { name: 'Publish version 1' }).click();
      await seen(page.getByText('Version 1 counts now.'));
      await page.getByRole('button', { name: 'Go back to it: version 0' }).click();
      await page.getByRole('button', { name: 'Publish version 2' }).click();
      await seen(page.getByText('Version 2 counts now.'));
      await seen(page.getByRole('row', { name: /^2 now/ }));
      await stage.picture('prices-versions');
    },
  },
];
