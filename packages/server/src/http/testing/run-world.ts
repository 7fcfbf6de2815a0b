import type { Graph } from '@imaginarium/protocol';
import type { ScratchKind } from '../../adapters/typeorm/testing/scratch-databases.ts';
import { setUpOwner, testApp } from '../../testing/test-app.ts';
import { sayGraph } from '../../testing/test-nodes.ts';

/** An app with its owner, who makes workflows and starts runs of them. */
export async function runWorld(kind: ScratchKind, changes = {}) {
  const app = await testApp(changes, kind);
  const { call } = await setUpOwner(app);
  const workflow = async (graph: Graph = sayGraph()) =>
    (await call('createWorkflow', { body: { name: 'Greeting', graph } })).body as { id: string };
  const start = async (id: string, body: object = {}, headers: Record<string, string> = {}) =>
    call('startRun', { params: { id }, body, headers });
  const available = async () => {
    const [row] = await app.database.read(({ sql }) => sql<{ id: string }>`SELECT id FROM workspace`);
    return (await app.deps.openWorkspace(row?.id ?? '').credits.balance()).available;
  };
  return { ...app, call, workflow, start, available };
}
