import { describe, expect, it } from 'vitest';
import { RunStoppedError } from '../call/failure.ts';
import { aGraph } from '../testing/index.ts';
import { aChain, waitingWorld } from '../testing/waiting-world.ts';

describe('the end of a run that waits', () => {
  it('comes with another branch that fails: what waits is cancelled, what follows is skipped', async () => {
    const { turn, states, load } = await waitingWorld(aChain().node('bad', 'test.fail').build());
    expect(await turn()).toMatchObject({ state: 'failed', error: { node: 'bad' } });
    expect(await states()).toEqual({ in: 'succeeded', ask: 'cancelled', after: 'skipped', bad: 'failed' });
    expect((await load()).parked).toBeUndefined();
  });

  it('comes with cancelling, also when it goes on just then', async () => {
    const { turn, answer, states } = await waitingWorld(aChain().build());
    await turn();
    await answer();
    const cancel = AbortSignal.abort(new RunStoppedError('run-cancelled', 'The run was cancelled.'));
    expect(await turn(cancel)).toMatchObject({ state: 'cancelled' });
    expect(await states()).toEqual({ in: 'succeeded', ask: 'cancelled', after: 'skipped' });
  });

  it('is a failure for a node that waits without having said so', async () => {
    const { turn } = await waitingWorld(aGraph().node('a', 'test.undeclared').build());
    expect(await turn()).toMatchObject({ state: 'failed', error: { message: expect.stringContaining('waits: true') } });
  });

  it.each([
    ['soon', '"soon"'],
    [-1, '0 milliseconds or more'],
    [1e300, '0 milliseconds or more'],
  ])('is a failure for an end that is none: %j', async (value, told) => {
    const graph = aGraph()
      .node('in', 'test.list', { values: [value] })
      .node('sleep', 'test.sleep');
    const { turn } = await waitingWorld(graph.wire('in.item', 'sleep.item').build());
    expect(await turn()).toMatchObject({ state: 'failed', error: { message: expect.stringContaining(told) } });
  });
});

describe('a retry that is far away', () => {
  it('is waited for without a worker, with the tries before it counted', async () => {
    const graph = aGraph()
      .node('in', 'test.list', { values: ['x'] })
      .node('busy', 'test.busy')
      .policy('busy', { retry: { attempts: 3, backoffMs: 1, factor: 1, jitter: false } })
      .wire('in.item', 'busy.item');
    const { turn, waits, pass, load, answer } = await waitingWorld(graph.build());
    for (const attempt of [2, 3]) {
      expect(await turn()).toMatchObject({ state: 'waiting' });
      expect(await waits()).toMatchObject([{ about: { kind: 'retry', attempt, message: 'The service is busy.' } }]);
      pass(7_200_000);
      await answer(0, { timeIsUp: true, value: null });
    }
    expect(await turn()).toMatchObject({ state: 'succeeded' });
    expect((await load()).steps.find(({ node }) => node === 'busy')?.attempts).toBe(3);
  });

  it('ends with the last try that its policy allows', async () => {
    const graph = aGraph()
      .node('in', 'test.list', { values: ['x'] })
      .node('busy', 'test.busy')
      .policy('busy', { retry: { attempts: 2, backoffMs: 1, factor: 1, jitter: false } })
      .wire('in.item', 'busy.item');
    const { turn, answer, pass } = await waitingWorld(graph.build());
    await turn();
    pass(7_200_000);
    await answer(0, { timeIsUp: true, value: null });
    expect(await turn()).toMatchObject({ state: 'failed', error: { message: 'The service is busy.' } });
  });
});
