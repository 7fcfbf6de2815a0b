import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { scratchKinds } from '../adapters/typeorm/testing/scratch-databases.ts';
import { closeTestApps } from '../testing/test-app.ts';
import { sayGraph } from '../testing/test-nodes.ts';
import { runWorld } from './testing/run-world.ts';

afterEach(closeTestApps);

describe.each(scratchKinds(inject('postgresUrl')))('on $name', (kind) => {
  const world = (changes = {}) => runWorld(kind, changes);

  test('workflows are made empty, renamed, listed and removed; their runs stay', async () => {
    const { call, start } = await world();
    const made = await call('createWorkflow', { body: { name: '  Empty  ' } });
    expect([made.status, made.body.name, made.body.problems[0].code]).toEqual([201, 'Empty', 'empty']);
    const { id } = made.body;
    expect((await call('renameWorkflow', { params: { id }, body: { name: 'Full' } })).body.name).toBe('Full');
    await call('saveDraft', { params: { id }, body: { graph: sayGraph(), revision: 1 } });
    const run = (await start(id)).body;
    expect((await call('deleteWorkflow', { params: { id } })).status).toBe(204);
    expect((await call('listWorkflows')).body.workflows).toEqual([]);
    expect((await call('getRun', { params: { id: run.id } })).status).toBe(200);
    expect((await call('listVersions', { params: { id: randomUUID() } })).status).toBe(404);
    expect((await call('getWorkflow', { params: { id: '1 or 1=1' } })).status).toBe(400);
  });

  describe('a draft', () => {
    test('is saved with what keeps it from running, and refused when it makes no sense', async () => {
      const { call, workflow } = await world();
      const { id } = await workflow();
      const saved = await call('saveDraft', { params: { id }, body: { graph: sayGraph(''), revision: 1 } });
      expect([saved.body.revision, saved.body.problems.map(({ code }: { code: string }) => code)]).toEqual([
        2,
        ['missing-param'],
      ]);
      const cyclic = sayGraph();
      cyclic.edges.push({ id: 'e', from: { node: 'say', port: 'text' }, to: { node: 'nobody', port: 'text' } });
      const refused = await call('saveDraft', { params: { id }, body: { graph: cyclic, revision: 2 } });
      expect([refused.status, refused.body.error.details.problems[0].code]).toEqual([422, 'edge-without-node']);
      const shapeless = await call('saveDraft', { params: { id }, body: { graph: { nodes: 'many' }, revision: 2 } });
      expect(shapeless.body.error.details.problems[0].code).toBe('not-a-graph');
      expect((await call('getWorkflow', { params: { id } })).body.draft).toEqual(sayGraph(''));
    });

    test('that somebody saved meanwhile is not written over', async () => {
      const { call, workflow } = await world();
      const { id } = await workflow();
      await call('saveDraft', { params: { id }, body: { graph: sayGraph('first tab'), revision: 1 } });
      const second = await call('saveDraft', { params: { id }, body: { graph: sayGraph('second tab'), revision: 1 } });
      expect([second.status, second.body.error.code, second.body.error.details]).toEqual([
        409,
        'draft-conflict',
        { revision: 2 },
      ]);
      expect((await call('getWorkflow', { params: { id } })).body.draft).toEqual(sayGraph('first tab'));
    });

    test('of a node type that is not installed opens and is saved back unchanged', async () => {
      const { call, workflow } = await world();
      const graph = sayGraph();
      graph.nodes[0] = { ...graph.nodes[0], type: 'acme.sepia', params: { deep: { er: [1, 'two'] } } } as never;
      graph.inputs = [];
      const { id } = await workflow(graph);
      const opened = (await call('getWorkflow', { params: { id } })).body;
      expect([opened.draft, opened.problems.map(({ code }: { code: string }) => code)]).toEqual([
        graph,
        ['unknown-node-type'],
      ]);
    });
  });
});
