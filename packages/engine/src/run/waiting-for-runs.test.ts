import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { RunStoppedError } from '../call/failure.ts';
import { MemoryRunStore } from '../memory/memory-run-store.ts';
import type { RunOutcome } from '../ports/run-store.ts';
import type { ChildRuns } from '../ports/run-waits.ts';
import { aGraph, aNewRun } from '../testing/index.ts';
import { waitingWorld } from '../testing/waiting-world.ts';

describe('a step that waits for another run', () => {
  const graph = () => {
    const built = aGraph()
      .node('in', 'test.list', { values: ['x', 'y'] })
      .node('run', 'test.run');
    return built.wire('in.item', 'run.item');
  };
  function aFamily() {
    const started: unknown[] = [];
    const cancelled: string[] = [];
    const children: ChildRuns = {
      async start({ node, call }, asked) {
        started.push([node, call, asked]);
        const { run } = await new MemoryRunStore().accept(aNewRun({ id: randomUUID(), workflowName: 'Other' }));
        return run;
      },
      answerOf: async (runId) => ({ of: runId }),
      cancel: async (runId) => void cancelled.push(runId),
    };
    return { children, started, cancelled };
  }

  it('starts one for each item, and goes on with what each came to', async () => {
    const { children, started } = aFamily();
    const { turn, waits, answer, load } = await waitingWorld(graph().build(), children);
    await turn();
    const asked = { workflowId: 'w', version: 3, inputs: {} };
    expect(started).toEqual([
      ['run', 0, asked],
      ['run', 1, asked],
    ]);
    const ids = (await waits()).map(({ about }) => (about.kind === 'run' ? about.runId : ''));
    for (const index of [0, 1]) await answer(index, { timeIsUp: false, value: null });
    const end = (await turn()) as RunOutcome;
    expect(end.state).toBe('succeeded');
    expect((await load()).steps.at(-1)?.outputs.item?.map(({ value }) => value)).toEqual(ids.map((of) => ({ of })));
  });

  it('cancels what it started when it fails elsewhere', async () => {
    const { children, cancelled } = aFamily();
    const { turn } = await waitingWorld(graph().node('bad', 'test.fail').build(), children);
    await turn();
    expect(cancelled).toHaveLength(2);
  });

  it('cancels what it started when it is cancelled itself', async () => {
    const { children, cancelled } = aFamily();
    const { turn, answer } = await waitingWorld(graph().build(), children);
    await turn();
    for (const index of [0, 1]) await answer(index);
    await turn(AbortSignal.abort(new RunStoppedError('run-cancelled', 'The run was cancelled.')));
    expect(cancelled).toHaveLength(2);
  });
});
