import type { Activation, NodeDescription } from '@imaginarium/protocol';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { aGraph } from '../testing/graphs.ts';
import { testTypes } from '../testing/node-types.ts';
import { renderEditor } from '../testing/render-editor.tsx';

afterEach(() => {
  vi.unstubAllGlobals();
  localStorage.clear();
});

const at = '2026-11-21T12:04:00.000Z';
const types = testTypes.map(
  (type): NodeDescription => (type.type === 'input.image' ? { ...type, trigger: 'webhook' } : type),
);
const hook = {
  node: 'a',
  name: 'Order',
  kind: 'webhook',
  path: '/hooks/abc',
  secret: 'whsec_x',
  nextAt: null,
} as const;

/** Opens the menu over a server that remembers which version is active. */
async function openMenu({ withTrigger, refusal }: { withTrigger: boolean; refusal?: string }) {
  let activation: Activation | null = null;
  const { calls } = renderEditor(aGraph({ a: 'input.image' }), (path) => ({
    'GET /node-types': () => ({ body: { packages: [], types: withTrigger ? types : testTypes } }),
    [`GET ${path}/versions`]: () => ({
      body: { versions: [{ version: 1, label: 'First', createdAt: at, createdBy: 'Ada' }] },
    }),
    [`GET ${path}/activation`]: () => ({ body: { activation } }),
    [`POST ${path}/activation`]: () => {
      if (refusal)
        return { status: 422, body: { error: { code: 'graph-invalid', message: refusal, requestId: 'r1' } } };
      activation = { version: 1, activatedAt: at, triggers: [hook] };
      return { body: activation };
    },
    [`DELETE ${path}/activation`]: () => {
      activation = null;
      return { body: null };
    },
  }));
  const user = userEvent.setup();
  await user.click(await screen.findByRole('button', { name: /^Versions:/ }));
  await screen.findByText('First');
  return { calls, user };
}

describe('the menu of versions', () => {
  it('lets a version start runs by itself, shows at which address, and ends it again', async () => {
    const { user } = await openMenu({ withTrigger: true });
    await user.click(await screen.findByRole('button', { name: 'Make active' }));
    const listening = await screen.findByRole('list', { name: 'What starts the active version' });
    expect(within(listening).getByText(`${window.location.origin}/hooks/abc`)).toBeTruthy();
    expect(within(listening).getByRole('button', { name: 'Copy the secret of Order' })).toBeTruthy();
    await user.click(within(listening).getByRole('button', { name: 'Copy the address of Order' }));
    expect(await navigator.clipboard.readText()).toBe(`${window.location.origin}/hooks/abc`);
    await user.click(screen.getByRole('button', { name: 'Active: stop' }));
    expect(await screen.findByRole('button', { name: 'Make active' })).toBeTruthy();
    expect(screen.queryByRole('list', { name: 'What starts the active version' })).toBeNull();
  });

  it('says where the button stands why a version cannot be active', async () => {
    const { user } = await openMenu({ withTrigger: true, refusal: 'Order has no inputs.' });
    await user.click(await screen.findByRole('button', { name: 'Make active' }));
    const menu = await screen.findByRole('tooltip');
    expect((await within(menu).findByRole('alert')).textContent).toContain('Order has no inputs.');
  });

  it('says nothing of it where nothing starts the workflow by itself', async () => {
    const { calls } = await openMenu({ withTrigger: false });
    expect(screen.queryByRole('button', { name: 'Make active' })).toBeNull();
    expect(calls.map(({ name }) => name).filter((name) => name.endsWith('/activation'))).toEqual([]);
  });
});
