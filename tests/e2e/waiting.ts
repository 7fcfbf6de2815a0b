import { card, seen } from './expect.ts';
import { post } from './post.ts';
import type { Chapter } from './story.ts';

const place = (x: number) => ({ position: { x, y: 80 } });
/** Draws a cover and asks whether it may be printed. */
const asking = {
  schema: 1,
  nodes: [
    {
      ...{ id: 'draw', type: 'generator.pattern', version: 1, name: 'Cover', ...place(0) },
      params: { width: 320, height: 240, count: 2 },
    },
    {
      ...{ id: 'ask', type: 'flow.approve', version: 1, name: 'Ask before printing', ...place(300) },
      params: { message: 'May these covers be printed?', who: 'editor' },
    },
    { ...{ id: 'print', type: 'flow.set-fields', version: 1, name: 'Print', ...place(600) }, params: {} },
  ],
  edges: [
    { id: 'e1', from: { node: 'draw', port: 'image' }, to: { node: 'ask', port: 'item' } },
    { id: 'e2', from: { node: 'ask', port: 'approved' }, to: { node: 'print', port: 'item' } },
  ],
};

export const waitingChapters: readonly Chapter[] = [
  {
    title: 'a run asks a person, who sees the pictures, approves, and the run goes on',
    async read(stage) {
      const { page } = stage;
      await page.goto(stage.address);
      const workflow = await post(page, '/workflows', { name: 'Printing', graph: asking });
      await page.goto(`${stage.address}/workflows/${workflow.id}`);
      await page.getByRole('button', { name: 'Run', exact: true }).click();
      await seen(card(page, 'Ask before printing').getByText('Waits for an editor'));
      await stage.picture('editor-waits');
      await stage.accessible();
      await page.getByRole('link', { name: 'Answer' }).click();
      await page.waitForURL('**/runs/*');
      await seen(page.getByText('May these covers be printed?'));
      await stage.picture('run-waits');
      await stage.accessible();
      await page.getByRole('link', { name: '1 question waits for you' }).click();
      await seen(page.getByRole('heading', { name: 'Waiting for you' }));
      await seen(page.getByRole('button', { name: 'Open cover' }).or(page.locator('article img')).first());
      await stage.picture('waiting');
      await stage.accessible();
      await stage.inTheme('dark', async () => {
        await stage.picture('waiting-dark');
        await stage.accessible();
      });
      await page.getByLabel('Comment').fill('Lovely.');
      await page.getByRole('article').getByRole('link', { name: 'Printing' }).click();
      await page.getByLabel('Comment').fill('Lovely.');
      await page.getByRole('button', { name: 'Approve' }).click();
      await seen(page.getByRole('status').getByText('Done'));
      await seen(page.getByText('approved it: Lovely.'));
      await stage.picture('run-approved');
      await page.getByRole('link', { name: 'Waiting for you' }).click();
      await seen(page.getByRole('heading', { name: 'Nothing waits for you' }));
      await stage.picture('waiting-empty');
      await stage.accessible();
    },
  },
];
