import { randomUUID } from 'node:crypto';
import { aNewRun } from '@imaginarium/engine/testing';
import type { Step } from '@imaginarium/protocol';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { scratchKinds } from '../testing/scratch-databases.ts';
import { aStep, graphOf, openWorld, type World } from '../testing/world.ts';
import { readSteps } from './run-rows.ts';
import { readSeenSteps } from './seen-steps.ts';

describe.each(scratchKinds(inject('postgresUrl')))('steps that somebody looks at on $name', (kind) => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld(kind);
  });
  afterEach(() => world.remove());

  async function aRun() {
    const { workspaceId, workflowId } = await world.openOne();
    const { runStore, database } = world;
    const { run } = await runStore.accept(aNewRun({ workspaceId, workflowId, graph: graphOf(1), id: randomUUID() }));
    const lease = await runStore.claim(run.id, 'worker', 60_000);
    if (!lease) throw new Error('not claimed');
    return {
      write: (node: string, attempts: number) =>
        runStore.checkpoint(lease, { steps: [aStep(node, { attempts })], events: [] }),
      look: () => database.read((transaction) => readSeenSteps(transaction, run.id)),
      stored: () => database.read((transaction) => readSteps(transaction, run.id)),
    };
  }

  test('are those that are stored, whenever somebody looks and however many do at once', async () => {
    const write = fc.record({ node: fc.constantFrom('a', 'b', 'c'), attempts: fc.nat(9) });
    const moves = fc.array(fc.oneof(write, fc.constantFrom(1, 3)), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(moves, async (asked) => {
        const { write, look, stored } = await aRun();
        const under: Promise<unknown>[] = [];
        for (const move of [...asked, 1]) {
          // Some look while something is written.
          if (typeof move === 'number') under.push(...Array.from({ length: move }, look));
          else await write(move.node, move.attempts);
        }
        await Promise.all(under);
        const byNode = (steps: readonly Step[]) => steps.toSorted((a, b) => (a.node < b.node ? -1 : 1));
        const { steps, cursor } = await look();
        expect(byNode(steps)).toEqual(byNode(await stored()));
        await write('b', 10);
        const after = await look();
        expect([after.since(cursor), after.since(after.cursor)]).toEqual([[aStep('b', { attempts: 10 })], []]);
        expect(byNode(after.since(0))).toEqual(byNode(after.steps));
      }),
      { numRuns: 8 },
    );
  });
});
