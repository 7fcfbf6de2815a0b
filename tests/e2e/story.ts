import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/** One part of the story: a sentence, and what shows that it holds. */
export interface Chapter {
  title: string;
  /** @throws {Error} when it does not hold. */
  read(stage: Stage): Promise<void>;
}

/** Where the story is played: a browser page at a server of its own. */
export class Stage {
  readonly page: Page;
  readonly address: string;
  /** The server's data folder. */
  readonly data: string;
  /** What is wrong without keeping the story from going on. */
  readonly findings: string[] = [];
  readonly #pictures: string;
  #count = 0;

  constructor(page: Page, address: string, data: string, pictures: string) {
    this.page = page;
    this.address = address;
    this.data = data;
    this.#pictures = pictures;
  }

  /** Keeps a screenshot under a name that says its place in the story. */
  async picture(name: string): Promise<void> {
    await mkdir(this.#pictures, { recursive: true });
    this.#count += 1;
    const file = `${String(this.#count).padStart(2, '0')}-${name}.png`;
    await this.page.screenshot({ path: join(this.#pictures, file), animations: 'disabled' });
  }

  /** Checks the page as it is with axe. What it finds fails the chapter at its end, so that the story goes on. */
  async accessible(): Promise<void> {
    const { violations } = await new AxeBuilder({ page: this.page }).analyze();
    if (violations.length === 0) return;
    const lines = violations.map(
      ({ id, help, nodes }) => `${id}: ${help}\n    ${nodes.map((node) => node.html.slice(0, 160)).join('\n    ')}`,
    );
    this.findings.push(`axe, on ${this.page.url()}:\n  ${lines.join('\n  ')}`);
  }

  /** Shows the page in a theme, as the system would ask for it. */
  async inTheme(theme: 'light' | 'dark', look: () => Promise<void>): Promise<void> {
    await this.page.emulateMedia({ colorScheme: theme });
    await look();
    await this.page.emulateMedia({ colorScheme: 'light' });
  }
}
