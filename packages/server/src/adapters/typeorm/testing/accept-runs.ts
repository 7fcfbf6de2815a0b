import { parseArgs } from 'node:util';
import { emptyGraph } from '@imaginarium/protocol';
import { v7 as newId } from 'uuid';
import { openDatabase } from '../database/data-source.ts';
import { SqlRunStore } from '../runs/run-store.ts';

// A program for tests: opens the database and accepts runs until it is killed, telling each one once it is accepted.
const { place, workspace, workflow } = parseArgs({
  options: { place: { type: 'string' }, workspace: { type: 'string' }, workflow: { type: 'string' } },
}).values;

const database = await openDatabase(JSON.parse(place ?? ''));
process.stdout.write('open\n');
if (workspace !== undefined && workflow !== undefined) {
  const store = new SqlRunStore(database);
  const acceptOn = async () => {
    for (;;) {
      const { run } = await store.accept({
        ...{ id: newId(), workspaceId: workspace, workflowId: workflow, workflowName: 'Test', version: null },
        ...{ graph: emptyGraph(), inputs: {}, trigger: 'api', priority: 5, creditsQuoted: 0, createdBy: 'test' },
      });
      process.stdout.write(`${run.id}\n`);
    }
  };
  await Promise.all(Array.from({ length: 8 }, acceptOn));
}
await database.close();
