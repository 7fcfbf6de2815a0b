import type { NodeRegistry } from '@imaginarium/engine';
import { defineNode, wait } from '@imaginarium/node-sdk';
import type { Graph, Run } from '@imaginarium/protocol';
import { afterEach, expect, test } from 'vitest';
import { closeTestApps, setUpOwner, testApp } from '../testing/test-app.ts';
import { sayGraph } from '../testing/test-nodes.ts';
import { WorkspaceChildRuns } from './child-runs.ts';

afterEach(closeTestApps);

const starts = defineNode({
  ...{ type: 'test.starts', version: 1, title: 'Starts', summary: 'Starts a run.', group: 'flow', icon: 'workflow' },
  ...{ inputs: {}, outputs: {}, effects: 'idempotent', waits: 'runs' },
  execute: () => wait({ kind: 'run', workflowId: '', version: 1, inputs: {} }),
});

const startsGraph: Graph = {
  ...sayGraph(),
  nodes: [{ id: 's', type: 'test.starts', version: 1, name: 'Starts', params: {}, position: { x: 0, y: 0 } }],
  inputs: [],
};

test('runs that a run starts, and those that they start, share what was agreed to for the first', async () => {
  const app = await testApp();
  const { deps, runStore } = app;
  (deps.catalogue as NodeRegistry).add({ name: '@test/more', version: '1.0.0' }, [starts]); // It is one in test apps.
  const { call } = await setUpOwner(app);
  const made = async (name: string, graph: Graph): Promise<string> => {
    const { id } = (await call('createWorkflow', { body: { name, graph } })).body;
    await call('createVersion', { params: { id }, body: {} });
    return id;
  };
  const greeting = await made('Greeting', sayGraph());
  const [first, second] = [await made('First', startsGraph), await made('Second', startsGraph)];
  expect((await call('quoteRun', { params: { id: first }, body: {} })).body).toMatchObject({ total: 0, most: null });

  const run: Run = (await call('startRun', { params: { id: first }, body: { maxCredits: 4 } })).body;
  const { id: workspaceId } = (await call('getSession')).body.workspace;
  const children = new WorkspaceChildRuns(deps);
  /** The place in its run tells starts apart. */
  const start = (parent: Run, workflowId: string, iteration = '') =>
    children.start({ run: parent, workspaceId, node: 's', iteration, call: 0 }, { workflowId, version: 1, inputs: {} });
  const between = await start(run, second);
  const said = await start(between, greeting);
  expect(said.creditsQuoted).toBe(3);
  await expect(start(run, greeting, 'a#0')).rejects.toThrow(
    'Greeting was not started: This run needs 3 credits. At most 4 were agreed to for all runs that belong together, and 1 of them are left.',
  );

  await runStore.requestCancel(said.id);
  expect((await start(run, greeting, 'a#0')).creditsQuoted).toBe(3);
  // Without a word about it, nothing is refused.
  const open: Run = (await call('startRun', { params: { id: first }, body: {} })).body;
  for (const iteration of ['a#0', 'a#1']) expect((await start(open, greeting, iteration)).creditsQuoted).toBe(3);
});
