import { card, cardsAre, drag, portOf, saved, seen, until } from './expect.ts';
import type { Chapter } from './story.ts';

export const editChapters: readonly Chapter[] = [
  {
    title: 'after a change of shape only what depends on it works again',
    async read(stage) {
      const { page } = stage;
      await card(page, 'Carousel').click();
      await page.getByRole('combobox', { name: 'Shape' }).click({ force: true });
      await page.getByTitle('Square 1:1').first().click();
      await saved(page);
      await page.getByRole('button', { name: 'Run', exact: true }).click();
      await until(
        'the upscale is reused',
        async () => (await card(page, 'Upscale 2x').locator('[data-state="cached"]').count()) > 0,
        20_000,
      );
      await cardsAre(page, ['succeeded', 'cached']);
      await stage.picture('editor-rerun-cached');
    },
  },
  {
    title: 'a run goes up to a node, another goes on from there, and a node holds on to its items',
    async read(stage) {
      const { page } = stage;
      await card(page, 'Upscale 2x').click();
      await page.getByRole('button', { name: 'More ways to run' }).click();
      await seen(page.getByRole('menuitem', { name: 'Run from Upscale 2x' }));
      await page.waitForTimeout(300);
      await stage.picture('editor-run-menu');
      await page.getByRole('menuitem', { name: 'Run to Upscale 2x' }).click();
      await until(
        'what follows is left out',
        async () => (await card(page, 'Carousel').locator('[data-state="skipped"]').count()) > 0,
        20_000,
      );
      await seen(page.getByRole('button', { name: 'Run', exact: true }));
      await card(page, 'Carousel').click();
      await page.getByRole('button', { name: 'More ways to run' }).click();
      await page.getByRole('menuitem', { name: 'Run from Carousel' }).click();
      await cardsAre(page, ['succeeded', 'cached']);
      await page.getByRole('tab', { name: 'Items' }).click();
      await page.getByRole('button', { name: 'Pin these items' }).click();
      await seen(card(page, 'Carousel').getByRole('img', { name: /^Its items are pinned/ }));
      await saved(page);
      await stage.picture('editor-pinned');
      await stage.accessible();
      await page.getByRole('button', { name: 'Unpin' }).click();
      await saved(page);
    },
  },
  {
    title: 'a node from the list is added and wired in; a wrong wire is refused with its reason',
    async read(stage) {
      const { page } = stage;
      await page.getByRole('button', { name: 'Close results' }).click();
      const search = page.getByRole('searchbox', { name: 'Search nodes' }).or(page.getByLabel('Search nodes')).first();
      await search.fill('text');
      await page.getByRole('complementary', { name: 'Nodes' }).getByText('Text', { exact: true }).last().dblclick();
      await seen(card(page, 'Text'));
      await search.fill('resize');
      await page.getByRole('complementary', { name: 'Nodes' }).getByText('Resize', { exact: true }).dblclick();
      await seen(card(page, 'Resize'));
      await search.fill('');
      await page.getByRole('button', { name: 'Tidy up' }).click();
      await page.getByRole('button', { name: 'Fit to screen' }).first().click();
      await page.waitForTimeout(400);
      const wires = page.locator('.react-flow__edge');
      const before = await wires.count();
      await drag(page, portOf(page, 'Text', 'text', 'output'), portOf(page, 'Resize', 'image', 'input'));
      await seen(page.getByText('This port takes an image, not text.'));
      await stage.picture('editor-wrong-wire');
      if ((await wires.count()) !== before) throw new Error('the wrong wire was drawn');
      await drag(page, portOf(page, 'Upscale 2x', 'image', 'output'), portOf(page, 'Resize', 'image', 'input'));
      await until('the wire is drawn', async () => (await wires.count()) === before + 1);
      await saved(page);
      await stage.accessible();
    },
  },
  {
    title: 'undo and redo go back and forth, and a reload finds everything saved',
    async read(stage) {
      const { page } = stage;
      const wires = page.locator('.react-flow__edge');
      const count = await wires.count();
      await page.locator('.react-flow__pane').click({ position: { x: 8, y: 8 } });
      await page.keyboard.press('ControlOrMeta+z');
      await until('the wire is gone', async () => (await wires.count()) === count - 1);
      await page.keyboard.press('ControlOrMeta+Shift+z');
      await until('the wire is back', async () => (await wires.count()) === count);
      await saved(page);
      await page.reload();
      await seen(card(page, 'Resize'));
      await until('every wire is there again', async () => (await wires.count()) === count);
      await seen(page.getByText(/^Saved/));
    },
  },
  {
    title: 'nodes are copied, pasted, switched off and deleted by keyboard',
    async read(stage) {
      const { page } = stage;
      const cards = page.locator('.react-flow__node');
      const count = await cards.count();
      await card(page, 'Text').click();
      await page
        .locator('.react-flow__pane')
        .focus()
        .catch(() => undefined);
      await page.keyboard.press('ControlOrMeta+c');
      await page.keyboard.press('ControlOrMeta+v');
      await until('the copy is there', async () => (await cards.count()) === count + 1);
      await page.keyboard.press('Delete');
      await until('the copy is gone', async () => (await cards.count()) === count);
      await page.keyboard.press('?');
      await seen(page.getByText('Keyboard', { exact: true }));
      await stage.picture('editor-keys');
      await page.keyboard.press('Escape');
      await saved(page);
    },
  },
  {
    title: 'a few letters find a command, a node to go to, and one to add',
    async read(stage) {
      const { page } = stage;
      await page.locator('.react-flow__pane').click({ position: { x: 8, y: 8 } });
      await page.keyboard.press('ControlOrMeta+k');
      const search = page.getByRole('combobox', { name: 'What would you like to do?' });
      await seen(search);
      await stage.picture('commands');
      await stage.accessible();
      await search.fill('carousel');
      await seen(page.getByRole('option', { name: /Carousel.*Go to/ }));
      await stage.picture('commands-found');
      await page.keyboard.press('Enter');
      await seen(page.locator('.react-flow__node.selected').getByText('Carousel', { exact: true }));
      await page.keyboard.press('ControlOrMeta+k');
      await search.fill('note');
      await page.keyboard.press('Enter');
      await page.getByLabel('Text of the note').fill('Ask Ada before this is published.');
      await page.keyboard.press('Escape');
      await seen(page.locator('.react-flow__node-note').getByText('Ask Ada before this is published.'));
      await page.waitForTimeout(300);
      await stage.picture('editor-note');
      await stage.accessible();
      await page.locator('.react-flow__pane').click({ position: { x: 8, y: 8 } });
      await page.keyboard.press('ControlOrMeta+z');
      await page.keyboard.press('ControlOrMeta+z');
      await until('the note is gone', async () => (await page.locator('.react-flow__node-note').count()) === 0);
      await saved(page);
    },
  },
  {
    title: 'a frame is drawn around the chosen nodes, and takes them along',
    async read(stage) {
      const { page } = stage;
      await card(page, 'Carousel').click();
      await page.keyboard.press('ControlOrMeta+g');
      const title = page.getByLabel('Title of the frame');
      await title.fill('For the shop');
      await title.press('Enter');
      const frame = page.locator('.react-flow__node-note');
      await seen(frame.getByText('For the shop'));
      await page.waitForTimeout(300);
      await stage.picture('editor-frame');
      await stage.accessible();
      const placeOf = async () => (await card(page, 'Carousel').boundingBox())?.y ?? 0;
      const before = await placeOf();
      const handle = await frame.getByText('For the shop').boundingBox();
      if (!handle) throw new Error('The title of the frame is not to be seen.');
      await page.mouse.move(handle.x + 8, handle.y + 8);
      await page.mouse.down();
      await page.mouse.move(handle.x + 8, handle.y + 68, { steps: 4 });
      await page.mouse.up();
      await until('the card went along', async () => (await placeOf()) > before + 40);
      for (let times = 0; times < 3; times++) await page.keyboard.press('ControlOrMeta+z');
      await until('the frame is gone', async () => (await frame.count()) === 0);
      await until('the card is back', async () => Math.abs((await placeOf()) - before) < 2);
      await saved(page);
    },
  },
];
