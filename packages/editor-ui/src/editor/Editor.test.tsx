import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { aRun } from '../testing/a-run.ts';
import { aGraph } from './testing/graphs.ts';
import { renderEditor } from './testing/render-editor.tsx';

afterEach(() => {
  vi.unstubAllGlobals();
  localStorage.clear();
});

const chain = () => aGraph({ a: 'input.image', b: 'processing.resize' }, ['a.image -> b.image']);

describe('the editor', () => {
  it('adds a node from the palette by keyboard, takes it back and brings it again', async () => {
    renderEditor(chain());
    const user = userEvent.setup();
    const palette = await screen.findByRole('complementary', { name: 'Nodes' });
    await user.type(within(palette).getByRole('textbox', { name: 'Search nodes' }), 'merge{Enter}');
    const title = await screen.findByRole('textbox', { name: 'Name of the node' });
    expect(title).toHaveProperty('value', 'Merge');
    await user.click(screen.getByRole('button', { name: 'Undo' }));
    expect(screen.queryByRole('textbox', { name: 'Name of the node' })).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Redo' }));
    expect(screen.getByRole('button', { name: 'Redo' })).toHaveProperty('disabled', true);
  });

  it('says what keeps the workflow from running, and leads to the node', async () => {
    renderEditor(chain());
    const user = userEvent.setup();
    const reason = await screen.findByRole('button', { name: 'Image needs Images.' });
    expect(screen.getByRole('button', { name: 'Run' })).toHaveProperty('disabled', true);
    await user.click(reason);
    expect(await screen.findByRole('textbox', { name: 'Name of the node' })).toHaveProperty('value', 'Image');
  });

  it('offers what needs a chosen node only where one is chosen', async () => {
    renderEditor(chain());
    const user = userEvent.setup();
    const reason = await screen.findByRole('button', { name: 'Image needs Images.' });
    const offered = async (search: string) => {
      (document.activeElement as HTMLElement | null)?.blur();
      await user.keyboard('{Meta>}k{/Meta}');
      await user.type(await screen.findByRole('combobox', { name: 'What would you like to do?' }), search);
      const found = screen.queryAllByRole('option').map((option) => option.textContent);
      await user.keyboard('{Escape}');
      return found;
    };
    expect(await offered('frame the chosen')).toEqual([]);
    await user.click(reason);
    expect(await offered('frame the chosen')).toEqual([expect.stringContaining('Frame the chosen nodes')]);
  });

  it('runs up to the node that is chosen, and from it on once there is a run', async () => {
    const { calls, workflowId } = renderEditor(chain(), (path) => ({
      [`POST ${path}/runs`]: () => ({ status: 202, body: aRun({ state: 'succeeded' }) }),
      [`GET /runs/${aRun().id}`]: () => ({ body: { ...aRun({ state: 'succeeded' }), steps: [], graph: chain() } }),
    }));
    const user = userEvent.setup();
    const started = () =>
      calls.filter(({ name }) => name === `POST /workflows/${workflowId}/runs`).map(({ body }) => body);
    await user.click(await screen.findByRole('button', { name: 'More ways to run' }));
    expect((await screen.findByRole('menuitem', { name: 'Run to here' })).getAttribute('aria-disabled')).toBe('true');
    await user.click(screen.getByRole('button', { name: 'Image needs Images.' }));
    await user.click(screen.getByRole('button', { name: 'More ways to run' }));
    expect((await screen.findByRole('menuitem', { name: /^Run from Image/ })).getAttribute('aria-disabled')).toBe(
      'true',
    );
    await user.click(screen.getByRole('menuitem', { name: /^Run to Image/ }));
    await waitFor(() => expect(started()).toEqual([{ until: 'a' }]));
    await user.click(await screen.findByRole('button', { name: 'More ways to run' }));
    await user.click(await screen.findByRole('menuitem', { name: /^Run from Image/ }));
    await waitFor(() => expect(started()[1]).toEqual({ from: { runId: aRun().id, node: 'a' } }));
    // The focus is still in the menu that closes; keys there are the menu's.
    (document.activeElement as HTMLElement | null)?.blur();
    await user.keyboard('{Meta>}{Shift>}{Enter}{/Shift}{/Meta}');
    await waitFor(() => expect(started()).toHaveLength(3));
  });

  it('says why a run has not begun', async () => {
    const waitsFor = { code: 'resume', message: 'Ada has paused the queue.' } as const;
    renderEditor(chain(), (path) => ({
      [`POST ${path}/runs`]: () => ({ status: 202, body: aRun() }),
      [`GET /runs/${aRun().id}`]: () => ({ body: aRun({ waitsFor }) }),
    }));
    const user = userEvent.setup();
    await user.click(await screen.findByRole('button', { name: 'Image needs Images.' }));
    await user.click(screen.getByRole('button', { name: 'More ways to run' }));
    await user.click(await screen.findByRole('menuitem', { name: /^Run to Image/ }));
    expect(await screen.findByText('It begins as soon as it is its turn.')).toBeTruthy();
    expect(await screen.findByText(waitsFor.message, undefined, { timeout: 5000 })).toBeTruthy();
  });

  it('saves what was edited, a moment later', async () => {
    const { calls, workflowId } = renderEditor(chain());
    const user = userEvent.setup();
    const palette = await screen.findByRole('complementary', { name: 'Nodes' });
    await user.type(within(palette).getByRole('textbox', { name: 'Search nodes' }), 'text{Enter}');
    await waitFor(() => expect(calls.map((call) => call.name)).toContain(`PUT /workflows/${workflowId}/draft`), {
      timeout: 10_000,
    });
    const saved = calls.find((call) => call.name.startsWith('PUT'))?.body as { revision: number; graph: unknown };
    expect(saved.revision).toBe(1);
    expect(await screen.findByText(/^Saved /)).toBeTruthy();
  });

  it('overwrites nothing when somebody else has saved: theirs is loaded, undo brings mine back', async () => {
    const theirs = aGraph({ z: 'input.text' });
    let conflicts = 1;
    const { calls, workflowId } = renderEditor(chain(), (path) => ({
      [`PUT ${path}/draft`]: () =>
        conflicts-- > 0
          ? { status: 409, body: { error: { code: 'draft-conflict', message: 'Saved elsewhere.', requestId: 'r' } } }
          : { body: { revision: 9, updatedAt: '2026-11-21T12:10:00.000Z', problems: [] } },
    }));
    const saves = () => calls.filter((call) => call.name === `PUT /workflows/${workflowId}/draft`);
    const user = userEvent.setup();
    const palette = await screen.findByRole('complementary', { name: 'Nodes' });
    const fetchMine = globalThis.fetch;
    vi.stubGlobal('fetch', async (input: string, init: RequestInit = {}) => {
      const answer = await fetchMine(input, init);
      if ((init.method ?? 'GET') !== 'GET' || !input.endsWith(`/workflows/${workflowId}`)) return answer;
      const body = (await answer.json()) as object;
      return new Response(JSON.stringify({ ...body, draft: theirs, revision: 8 }));
    });
    await user.type(within(palette).getByRole('textbox', { name: 'Search nodes' }), 'merge{Enter}');
    const dialog = await screen.findByRole('dialog', { name: /changed somewhere else/ });
    const load = within(dialog).getByRole('button', { name: 'Load theirs' });
    await waitFor(() => expect(load).toHaveProperty('disabled', false));
    await user.click(load);
    await waitFor(() => expect(screen.queryByText(/Changed elsewhere/)).toBeNull());
    expect(saves()).toHaveLength(1);

    await user.click(screen.getByRole('button', { name: 'Undo' }));
    await waitFor(() => expect(saves()).toHaveLength(2), {
      timeout: 10_000,
    });
    const second = saves()[1]?.body as {
      revision: number;
      graph: { nodes: { name: string }[] };
    };
    expect(second.revision).toBe(8);
    expect(second.graph.nodes.map((node) => node.name)).toEqual(['Image', 'Resize', 'Merge']);
  });

  it('keeps mine as a new workflow', async () => {
    const { calls, router } = renderEditor(chain(), (path) => ({
      [`PUT ${path}/draft`]: () => ({
        status: 409,
        body: { error: { code: 'draft-conflict', message: 'Saved elsewhere.', requestId: 'r' } },
      }),
      'POST /workflows': () => ({ status: 201, body: { id: 'copy' } }),
    }));
    const user = userEvent.setup();
    const palette = await screen.findByRole('complementary', { name: 'Nodes' });
    await user.type(within(palette).getByRole('textbox', { name: 'Search nodes' }), 'merge{Enter}');
    const dialog = await screen.findByRole('dialog', { name: /changed somewhere else/ });
    await user.click(within(dialog).getByRole('button', { name: 'Keep mine as a copy' }));
    await waitFor(() => expect(router.state.location.pathname).toBe('/workflows/copy'));
    const made = calls.find((call) => call.name === 'POST /workflows')?.body as {
      name: string;
      graph: { nodes: unknown[] };
    };
    expect(made.name).toBe('Photo to carousel (my copy)');
    expect(made.graph.nodes).toHaveLength(3);
  });
});
