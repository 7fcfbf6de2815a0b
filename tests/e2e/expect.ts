import type { Locator, Page } from 'playwright-core';

/** Waits until a condition holds. @throws {Error} that says what was waited for. */
export async function until(what: string, condition: () => Promise<boolean>, limitMs = 10_000): Promise<void> {
  const end = performance.now() + limitMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`waited ${limitMs / 1000} s for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Waits until something is seen. */
export async function seen(place: Locator, limitMs = 10_000): Promise<void> {
  await place.first().waitFor({ state: 'visible', timeout: limitMs });
}

/** The card of a node on the canvas, by its name. */
export function card(page: Page, name: string): Locator {
  return page.locator('.react-flow__node').filter({ has: page.getByText(name, { exact: true }) });
}

/** A port of a card. `key` ends a port's key: its side and name. */
export function portOf(page: Page, name: string, port: string, side: 'input' | 'output'): Locator {
  return card(page, name).locator(
    `.react-flow__handle[data-handleid="${port}"].${side === 'input' ? 'target' : 'source'}`,
  );
}

/** Draws a wire with the mouse from the middle of one thing to the middle of another. */
export async function drag(page: Page, from: Locator, to: Locator): Promise<void> {
  const [start, end] = [await from.boundingBox(), await to.boundingBox()];
  if (!start || !end) throw new Error('what is dragged, or where to, is not on the screen');
  await page.mouse.move(start.x + start.width / 2, start.y + start.height / 2);
  await page.mouse.down();
  await page.mouse.move((start.x + end.x) / 2, (start.y + end.y) / 2, { steps: 5 });
  await page.mouse.move(end.x + end.width / 2, end.y + end.height / 2, { steps: 10 });
  await page.mouse.up();
}

/** Waits until the editor says that the draft is saved, with nothing left to save. */
export async function saved(page: Page): Promise<void> {
  await page.waitForTimeout(150);
  await seen(page.getByText(/^Saved \d/));
}

/** Waits until every card on the canvas shows one of the states. */
export async function cardsAre(page: Page, states: readonly string[], limitMs = 20_000): Promise<void> {
  await until(
    `all cards are ${states.join(' or ')}`,
    async () => {
      const found = await page
        .locator('.react-flow__node [data-state]')
        .evaluateAll((cards) => cards.map((entry) => entry.getAttribute('data-state')));
      return found.length > 0 && found.every((state) => state !== null && states.includes(state));
    },
    limitMs,
  );
}
