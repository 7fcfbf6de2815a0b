import type { Page } from 'playwright-core';
import { seen } from './expect.ts';
import type { Chapter } from './story.ts';

export const queueChapters: readonly Chapter[] = [
  {
    title: 'the owner pauses the queue, a run says that it waits for that, and goes on when it is resumed',
    async read(stage) {
      const { page } = stage;
      await page.goto(`${stage.address}/`);
      await page.getByRole('button', { name: /^Account/ }).click();
      await page.getByRole('menuitem', { name: 'Queue and workers' }).click();
      await seen(page.getByRole('heading', { name: 'Workers' }));
      await seen(page.getByText('@imaginarium/nodes-base'));
      await page.getByRole('button', { name: 'Pause', exact: true }).click();
      await seen(page.getByText('The queue is paused'));
      const runId = await start(page, { message: 'The price list has no row for this product.' });
      await page.goto(`${stage.address}/runs/${runId}`);
      await seen(page.getByText('The queue is paused'));
      await page.goto(`${stage.address}/queue`);
      await seen(page.getByRole('rowheader'));
      await stage.picture('queue');
      await stage.accessible();
      await stage.inTheme('dark', async () => {
        await stage.picture('queue-dark');
        await stage.accessible();
      });
      await page.getByRole('button', { name: 'Resume', exact: true }).click();
      await seen(page.getByText('Nothing is queued or running.'));
    },
  },
  {
    title: 'a failed run stands on a list until it is dismissed',
    async read(stage) {
      const { page } = stage;
      await page.getByRole('link', { name: 'Runs', exact: true }).click();
      await page.getByRole('link', { name: 'Failed runs' }).click();
      await seen(page.getByText('The price list has no row for this product.'));
      await page.getByRole('checkbox', { name: 'Mark the run of Price list' }).first().click();
      await seen(page.getByText('1 run marked'));
      await stage.picture('failed-runs');
      await stage.accessible();
      await stage.inTheme('dark', async () => {
        await stage.picture('failed-runs-dark');
        await stage.accessible();
      });
      await page.getByRole('button', { name: 'Dismiss' }).click();
      await page.getByText('The price list has no row for this product.').waitFor({ state: 'detached' });
    },
  },
];

/** Starts a run that stops with a message, through the API, as the person who is signed in. */
async function start(page: Page, { message }: { message: string }): Promise<string> {
  const at = { x: 0, y: 0 };
  const graph = {
    schema: 1,
    nodes: [
      { id: 'text', type: 'input.text', version: 1, name: 'Text', params: { text: 'x' }, position: at },
      { id: 'stop', type: 'flow.stop', version: 1, name: 'Stop', params: { message }, position: at },
    ],
    edges: [{ id: 'e', from: { node: 'text', port: 'text' }, to: { node: 'stop', port: 'item' } }],
    ...{ inputs: [], notes: [], settings: {} },
  };
  return page.evaluate(async (drawn) => {
    const post = async (path: string, body: object): Promise<{ id: string }> => {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`/api/v1${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
      return answer.json();
    };
    const { id } = await post('/workflows', { name: 'Price list', graph: drawn });
    return (await post(`/workflows/${id}/runs`, {})).id;
  }, graph);
}
