import type { NodeDescription } from '@imaginarium/protocol';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import { aRun } from '../../testing/a-run.ts';
import { aGraph } from '../testing/graphs.ts';
import { testTypes } from '../testing/node-types.ts';
import { renderEditor } from '../testing/render-editor.tsx';

afterEach(() => {
  vi.unstubAllGlobals();
  localStorage.clear();
});

const types = testTypes.map(
  (type): NodeDescription => (type.type === 'input.image' ? { ...type, trigger: 'webhook' } : type),
);

const brought = { method: 'POST', headers: {}, query: {}, body: { product: 'Red cup' } };
const call = { trigger: 'webhook', version: null, state: 'succeeded', inputs: { trigger: brought } } as const;
const earlier = aRun({ ...call, id: 'earlier' });
const testRun = aRun({ ...call, id: 'test', steps: [], graph: aGraph({ a: 'input.image' }) });
const others = [aRun({ id: 'live', trigger: 'webhook', version: 2 }), aRun({ id: 'pressed', version: null })];
const { steps: _steps, graph: _graph, waitsFor: _waitsFor, cursor: _cursor, ...listed } = testRun;

/** Opens a Webhook in the inspector, over a server that was called as soon as there is a test address. */
async function setUp({ refusal }: { refusal?: string } = {}) {
  let runs: object[] = [earlier];
  const { calls, workflowId } = renderEditor(aGraph({ a: 'input.image' }), (path) => ({
    'GET /node-types': () => ({ body: { packages: [], types } }),
    'GET /runs': () => ({ body: { runs, nextCursor: null } }),
    'GET /runs/earlier': () => ({ body: earlier }),
    'GET /runs/test': () => ({ body: testRun }),
    'GET /runs/test/events': () => ({ body: { events: [] } }),
    [`POST ${path}/test-hook`]: () => {
      if (refusal) return { status: 400, body: { error: { code: 'bad-request', message: refusal, requestId: 'r1' } } };
      runs = [...others, listed, earlier];
      const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
      return { status: 201, body: { path: '/hooks/test', secret: 'whsec_x', expiresAt } };
    },
  }));
  const user = userEvent.setup();
  await user.click(await screen.findByRole('button', { name: 'Image needs Images.' }));
  const section = within(await screen.findByRole('region', { name: 'Try it out' }));
  await user.click(section.getByRole('button', { name: 'Get a test address' }));
  return { calls, user, section, workflowId };
}

it('gives a Webhook an address for the draft, shows the run of a call, and keeps what came as the example', async () => {
  const { calls, user, section, workflowId } = await setUp();
  expect(await section.findByText(`${window.location.origin}/hooks/test`)).toBeTruthy();
  await user.click(section.getByRole('button', { name: 'Copy the secret to sign with' }));
  expect(await navigator.clipboard.readText()).toBe('whsec_x');
  expect(await section.findByText(/the canvas shows its run/)).toBeTruthy();
  const asked = (name: string) => calls.filter((each) => each.name === name);
  await vi.waitFor(() => expect(asked('GET /runs/test')).toHaveLength(1));
  expect(asked('GET /runs/live')).toEqual([]);
  expect(asked(`POST /workflows/${workflowId}/test-hook`).map(({ body }) => body)).toEqual([{ node: 'a' }]);

  await user.click(section.getByRole('button', { name: 'Keep what came as the example' }));
  await vi.waitFor(
    () => {
      const saved = asked(`PUT /workflows/${workflowId}/draft`).at(-1)?.body as { graph: ReturnType<typeof aGraph> };
      expect(saved?.graph.nodes[0]?.params).toEqual({ sample: brought });
    },
    { timeout: 5000 },
  );
  // The example is no setting of the address, which stays.
  expect(section.getByText(`${window.location.origin}/hooks/test`)).toBeTruthy();
});

it('says in its place why there is no test address', async () => {
  const { section } = await setUp({ refusal: 'node: expected a Webhook of the draft' });
  expect((await section.findByRole('alert')).textContent).toContain('expected a Webhook of the draft');
});
