import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FairLine } from './fair-line.ts';

const aRun = fc.record({
  runId: fc.uuid(),
  workspaceId: fc.constantFrom('a', 'b', 'c'),
  priority: fc.integer({ min: 1, max: 3 }),
});
const someRuns = fc.uniqueArray(aRun, { selector: (run) => run.runId, maxLength: 60 });

describe('FairLine', () => {
  test('brings each run once, the more urgent before the less urgent, and the oldest of a workspace first', () => {
    fc.assert(
      fc.property(someRuns, (runs) => {
        const taken = takeAll(lineOf([...runs, ...runs]));
        const byId = new Map(runs.map((run) => [run.runId, run]));
        const order = taken.map((runId) => byId.get(runId));
        expect(taken.toSorted()).toEqual(runs.map((run) => run.runId).toSorted());
        expect(order.map((run) => run?.priority)).toEqual(runs.map((run) => run.priority).sort((a, b) => b - a));
        for (const workspaceId of ['a', 'b', 'c'])
          for (const priority of [1, 2, 3]) {
            const here = (run: (typeof runs)[number] | undefined) =>
              run?.workspaceId === workspaceId && run.priority === priority;
            expect(order.filter(here)).toEqual(runs.filter(here));
          }
      }),
    );
  });

  test('lets no workspace go twice while another waits as urgently', () => {
    fc.assert(
      fc.property(someRuns, (runs) => {
        const equal = runs.map((run) => ({ ...run, priority: 1 }));
        const byId = new Map(equal.map((run) => [run.runId, run.workspaceId]));
        const order = takeAll(lineOf(equal)).map((runId) => byId.get(runId) ?? '');
        order.forEach((workspaceId, index) => {
          const waiting = new Set(order.slice(index));
          if (waiting.size > 1 && index > 0) expect(order[index - 1]).not.toBe(workspaceId);
        });
      }),
    );
  });

  test('takes the run that is preferred when it is its turn, and loses nobody by dropping others', () => {
    fc.assert(
      fc.property(someRuns, fc.array(fc.nat({ max: 59 })), (runs, picks) => {
        const line = lineOf(runs);
        const dropped = new Set(picks.slice(0, 10).flatMap((pick) => runs[pick]?.runId ?? []));
        line.keepOnly(new Set(runs.map((run) => run.runId).filter((runId) => !dropped.has(runId))));
        const taken = picks.slice(10).flatMap((pick) => line.take(runs[pick]?.runId)?.runId ?? []);
        const plain = lineOf(runs.filter((run) => !dropped.has(run.runId)));
        const workspaceOf = (runId: string) => runs.find((run) => run.runId === runId)?.workspaceId;
        const turns = taken.map(() => plain.take()?.workspaceId);
        // Which run is preferred changes nobody's turn.
        expect(taken.map(workspaceOf)).toEqual(turns);
        const all = [...dropped, ...taken, ...takeAll(line)];
        expect(all.toSorted()).toEqual(runs.map((run) => run.runId).toSorted());
      }),
    );
    const line = lineOf(['first', 'second'].map((runId) => ({ runId, workspaceId: 'a', priority: 1 })));
    const order = [line.take('second'), line.take('second'), line.take()].map((run) => run?.runId);
    expect(order).toEqual(['second', 'first', undefined]);
  });

  test('takes one of a hundred thousand without looking at all of them', () => {
    const line = lineOf(
      Array.from({ length: 100_000 }, (_, index) => ({ runId: `${index}`, workspaceId: 'a', priority: 5 })),
    );
    const start = performance.now();
    expect(takeAll(line)).toHaveLength(100_000);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

function lineOf(runs: readonly { runId: string; workspaceId: string; priority: number }[]): FairLine {
  const line = new FairLine();
  for (const run of runs) line.add(run);
  return line;
}

function takeAll(line: FairLine): string[] {
  const taken: string[] = [];
  for (let run = line.take(); run !== undefined; run = line.take()) taken.push(run.runId);
  expect(line.size).toBe(0);
  return taken;
}
