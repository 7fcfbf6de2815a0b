import { seen } from './expect.ts';
import type { Chapter } from './story.ts';

export const owner = { name: 'Ada Lovelace', email: 'ada@example.com', password: 'correct horse battery' };

export const setUpChapters: readonly Chapter[] = [
  {
    title: 'the first visitor is asked to make the server theirs, and told what is missing',
    async read(stage) {
      const { page } = stage;
      await page.goto(stage.address);
      await page.waitForURL('**/setup');
      await seen(page.getByRole('heading', { name: 'Make this server yours' }));
      await stage.picture('set-up');
      await stage.accessible();
      await page.getByLabel('Your name').fill(owner.name);
      await page.getByLabel('E-mail').fill('not an address');
      await page.getByLabel('Password', { exact: true }).fill('short');
      await page.getByRole('button', { name: 'Create owner and open' }).click();
      await seen(page.getByText('Type an address such as you@example.com.'));
      await seen(page.getByText('Use at least 10 characters.'));
      await stage.accessible();
    },
  },
  {
    title: 'the owner is made, and home has a workflow ready',
    async read(stage) {
      const { page } = stage;
      await page.getByLabel('E-mail').fill(owner.email);
      await page.getByLabel('Password', { exact: true }).fill(owner.password);
      await page.getByRole('button', { name: 'Create owner and open' }).click();
      await seen(page.getByRole('heading', { name: 'Your workflows' }));
      await seen(page.getByText('Put a photo in, get a carousel out'));
      await seen(page.getByRole('link', { name: 'Photo to carousel', exact: true }));
      await stage.picture('home-first-visit');
      await stage.accessible();
      await stage.inTheme('dark', async () => {
        await stage.picture('home-first-visit-dark');
        await stage.accessible();
      });
    },
  },
  {
    title: 'a wrong password is refused in words, and the right one opens',
    async read(stage) {
      const { page } = stage;
      await page
        .getByRole('button', { name: /Ada Lovelace|Account/ })
        .first()
        .click();
      await page.getByText('Sign out').click();
      await page.waitForURL('**/login**');
      await stage.picture('login');
      await stage.accessible();
      await page.getByLabel('E-mail').fill(owner.email);
      await page.getByLabel('Password', { exact: true }).fill('wrong horse battery');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await seen(page.getByText('E-mail and password do not fit together.'));
      await page.getByLabel('Password', { exact: true }).fill(owner.password);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await seen(page.getByRole('heading', { name: 'Your workflows' }));
    },
  },
];
