import { parseArgs } from 'node:util';
import type { BegunRun, NewRun } from '@imaginarium/engine';
import { emptyGraph } from '@imaginarium/protocol';
import { newId } from '../../../new-id.ts';
import { openDatabase } from '../database/data-source.ts';
import { SqlRunStore } from '../runs/run-store.ts';

// A program for tests: opens the database and accepts runs until it is killed, telling each one once it is accepted; or with `--ended` begins
// them and ends them at once, telling each one once it has ended.
const { place, workspace, workflow, ended } = parseArgs({
  options: {
    ...{ place: { type: 'string' }, workspace: { type: 'string' }, workflow: { type: 'string' } },
    ended: { type: 'boolean', default: false },
  },
}).values;

const database = await openDatabase(JSON.parse(place ?? ''));
process.stdout.write('open\n');
if (workspace !== undefined && workflow !== undefined) {
  const store = new SqlRunStore(database);
  const graph = emptyGraph();
  const acceptOn = async () => {
    for (;;) {
      const asked: NewRun = {
        ...{ id: newId(), workspaceId: workspace, workflowId: workflow, workflowName: 'Test', version: null },
        ...{ graph, inputs: {}, trigger: 'api', priority: 5, creditsQuoted: 0, createdBy: 'test' },
      };
      const { run } = await (ended ? beginAndEnd(store, asked) : store.accept(asked));
      process.stdout.write(`${run.id}\n`);
    }
  };
  await Promise.all(Array.from({ length: 24 }, acceptOn));
}
await database.close();

async function beginAndEnd(store: SqlRunStore, asked: NewRun): Promise<BegunRun> {
  const begun = store.begin(asked, { worker: 'test', leaseMs: 60_000 });
  if (!begun) throw new Error('The database does not let a run begin before it is stored.');
  const outcome = { state: 'succeeded', creditsSpent: 0, error: null, cover: null } as const;
  const at = new Date().toISOString();
  const finished = { ...outcome, type: 'run.finished', runId: asked.id, seq: 1, at } as const;
  await begun.settle(begun.lease, outcome, { steps: [], events: [finished] });
  return begun;
}
