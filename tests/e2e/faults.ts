import { card, saved, seen, until } from './expect.ts';
import type { Chapter } from './story.ts';

export const faultChapters: readonly Chapter[] = [
  {
    title: 'a text named .png is refused where it was dropped, with the reason',
    async read(stage) {
      const { page } = stage;
      await page.goto(stage.address);
      await page.getByRole('link', { name: 'Photo to carousel', exact: true }).last().click();
      await card(page, 'Photo').click();
      await page
        .locator('input[type="file"]')
        .first()
        .setInputFiles({ name: 'notes.png', mimeType: 'image/png', buffer: Buffer.from('only words') });
      await seen(page.getByText(/notes\.png is not a picture that can be read/));
      await stage.picture('editor-bad-file');
      await stage.accessible();
    },
  },
  {
    title: 'of two tabs that change the same workflow the second is told, and nothing is overwritten',
    async read(stage) {
      const { page } = stage;
      const other = await page.context().newPage();
      await other.goto(page.url());
      await seen(card(other, 'Carousel'));
      await card(other, 'Carousel').click();
      await page.bringToFront();
      await card(page, 'Text').click();
      await page.keyboard.press('Delete');
      await saved(page);
      await other.bringToFront();
      await card(other, 'Resize').click();
      await other.keyboard.press('Delete');
      await seen(other.getByText('This workflow was changed somewhere else'));
      await other.screenshot({ path: 'artifacts/e2e/conflict.png' });
      await other.getByRole('button', { name: 'Load theirs' }).click();
      await until(
        'their state is loaded',
        async () => (await card(other, 'Text').count()) === 0 && (await card(other, 'Resize').count()) === 1,
      );
      await other.close();
    },
  },
  {
    title: 'a reload in the middle of a run finds it again, and it can be cancelled',
    async read(stage) {
      const { page } = stage;
      await page.goto(stage.address);
      const created = await page.evaluate(async () => {
        const graph = {
          schema: 1,
          nodes: [
            {
              id: 'p',
              type: 'generator.pattern',
              version: 1,
              name: 'Pattern',
              params: { count: 20, width: 2000, height: 2000 },
            },
          ],
          edges: [],
        };
        const answer = await fetch('/api/v1/workflows', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ name: 'Slow patterns', graph }),
        });
        return (await answer.json()) as { id: string };
      });
      await page.goto(`${stage.address}/workflows/${created.id}`);
      await page.getByRole('button', { name: 'Run', exact: true }).click();
      await seen(page.getByRole('button', { name: /^Cancel/ }));
      await page.reload();
      await seen(page.getByRole('button', { name: /^Cancel/ }));
      await stage.picture('editor-reloaded-in-mid-run');
      await page.getByRole('button', { name: /^Cancel/ }).click();
      await seen(page.getByRole('button', { name: 'Run', exact: true }), 15_000);
    },
  },
];
