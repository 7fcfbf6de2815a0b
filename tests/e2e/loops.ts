import type { Page } from 'playwright-core';
import { card, drag, portOf, saved, seen, until } from './expect.ts';
import { post } from './post.ts';
import type { Chapter } from './story.ts';

/** Five rows, and a node that cannot make sense of the third. */
const rows = {
  schema: 1,
  nodes: [
    {
      ...{ id: 'rows', type: 'input.dataset', version: 1, name: 'Rows', position: { x: 0, y: 0 } },
      params: { source: 'text', text: 'n\n1\n2\n3\n4\n5' },
    },
    {
      ...{ id: 'twice', type: 'flow.set-fields', version: 1, name: 'Twice', position: { x: 320, y: 0 } },
      params: { fields: { twice: '{{ item.n === 3 ? item.no.such : item.n * 2 }}' } },
    },
  ],
  edges: [],
};

const frame = (page: Page) => page.locator('.react-flow__node-frame');
const wires = (page: Page) => page.locator('.react-flow__edge');

/** In which loop the inspector says that the selected node stands. */
async function standsIn(page: Page, loop: string): Promise<void> {
  const select = page.locator('[data-region="inspector"] .ant-select').filter({ hasText: loop });
  await seen(select);
}

export const loopChapters: readonly Chapter[] = [
  {
    title: 'a loop is made by mouse: dropped from the list, filled by dragging, wired at its rails',
    async read(stage) {
      const { page } = stage;
      const workflow = await post(page, '/workflows', { name: 'Row by row', graph: rows });
      await page.goto(`${stage.address}/workflows/${workflow.id}`);
      await seen(card(page, 'Twice'));
      await page.getByPlaceholder('Search nodes').fill('for each');
      await page
        .locator('[data-region="palette"]')
        .getByText('For each', { exact: true })
        .dragTo(page.locator('.react-flow__pane'), { targetPosition: { x: 330, y: 420 } });
      await seen(frame(page));
      await page.getByRole('button', { name: 'Fit to screen' }).first().click();
      await page.waitForTimeout(400);
      await drag(page, card(page, 'Twice').getByText('Twice', { exact: true }), frame(page));
      await standsIn(page, 'For each');
      await drag(page, portOf(page, 'Rows', 'row', 'output'), portOf(page, 'Twice', 'item', 'input'));
      await seen(page.getByText('This wire would cross the border of a loop.'));
      await stage.picture('loop-border');
      await drag(page, portOf(page, 'Rows', 'row', 'output'), portOf(page, 'For each', 'items', 'input'));
      await drag(page, portOf(page, 'For each', 'item', 'output'), portOf(page, 'Twice', 'item', 'input'));
      await drag(page, portOf(page, 'Twice', 'item', 'output'), portOf(page, 'For each', 'result', 'input'));
      await until('three wires are drawn', async () => (await wires(page).count()) === 3);
      await page.getByRole('button', { name: 'Tidy up' }).click();
      await page.waitForTimeout(400);
      await saved(page);
      // Away from the button, whose tip is no part of the page.
      await page.mouse.move(640, 160);
      await page.waitForTimeout(300);
      await stage.picture('loop');
      await stage.accessible();
    },
  },
  {
    title: 'a node leaves its loop and comes back by keyboard, and what was cut is brought back by undo',
    async read(stage) {
      const { page } = stage;
      await card(page, 'Twice').click();
      await page.locator('.react-flow__node[data-id="twice"]').focus();
      await page.keyboard.press('Shift+F10');
      await seen(page.getByRole('menuitem', { name: 'Move out of the loop' }));
      await page.waitForTimeout(300);
      await stage.picture('loop-menu');
      await page.keyboard.press('Enter');
      await until('its wires are cut', async () => (await wires(page).count()) === 1);
      await standsIn(page, 'None');
      await page.locator('.react-flow__node[data-id="twice"]').focus();
      await page.keyboard.press('Shift+F10');
      await seen(page.getByRole('menuitem', { name: 'Move into For each' }));
      await page.keyboard.press('Enter');
      await standsIn(page, 'For each');
      await page.keyboard.press('ControlOrMeta+z');
      await page.keyboard.press('ControlOrMeta+z');
      await until('its wires are back', async () => (await wires(page).count()) === 3);
      await saved(page);
    },
  },
  {
    title: 'a run of a loop counts its iterations, finds the one that failed, and shows what happened in it',
    async read(stage) {
      const { page } = stage;
      await frame(page).getByText('For each', { exact: true }).click();
      await page.getByText('When it fails').click();
      await page.getByRole('combobox', { name: 'When an iteration fails' }).click({ force: true });
      await page.getByTitle('Leave the iteration out').first().click();
      await saved(page);
      await page.getByRole('button', { name: 'Run', exact: true }).click();
      await seen(card(page, 'Twice').getByText('5 of 5'), 20_000);
      const iterations = page.getByRole('button', { name: /^Iterations of For each/ }).first();
      await seen(iterations.getByText('1 failed'));
      await stage.picture('loop-run');
      await stage.accessible();
      await iterations.click();
      const list = page.getByRole('listbox', { name: 'Iterations of For each' });
      await seen(list.getByRole('option'));
      await page.waitForTimeout(300);
      await stage.picture('loop-iterations');
      await stage.accessible();
      await page.keyboard.press('Enter');
      await page.keyboard.press('Escape');
      await seen(page.getByRole('button', { name: 'Iterations of For each: Iteration 3 of 5' }));
      await seen(card(page, 'Twice').getByText(/Cannot read|undefined/));
      await page.getByRole('button', { name: 'Next iteration' }).first().click();
      await card(page, 'Twice').click();
      await page.getByRole('tab', { name: 'Items' }).click();
      await seen(page.getByRole('cell', { name: '8', exact: true }));
      await stage.inTheme('dark', async () => {
        await stage.picture('loop-iteration-dark');
        await stage.accessible();
      });
      await page.getByRole('tab', { name: 'Runs' }).click();
      await page.getByRole('link', { name: 'Details' }).first().click();
      await page.getByRole('button', { name: 'Details of For each' }).click();
      const inside = page.getByRole('region', { name: 'Inside of For each' });
      await seen(inside.getByText('Twice'));
      await inside.getByRole('button', { name: 'Next iteration' }).click();
      await seen(inside.getByRole('button', { name: 'Details of Twice' }));
      await stage.picture('run-loop');
      await stage.accessible();
    },
  },
];
