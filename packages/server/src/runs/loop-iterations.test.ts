import type { Step, StepState } from '@imaginarium/protocol';
import { describe, expect, it } from 'vitest';
import { loopIterations, stepsInside } from './loop-iterations.ts';

const second = (count: number) => new Date(Date.parse('2026-11-21T12:00:00.000Z') + count * 1000).toISOString();

function aStep(node: string, iteration: string, state: StepState, [from, to]: [number, number?] = [0, 1]): Step {
  return {
    ...{ node, iteration, name: node, type: 'test.step', state, attempts: 1, itemsIn: 1, itemsFailed: 0, outputs: {} },
    ...{ startedAt: second(from), finishedAt: to === undefined ? null : second(to), credits: 2, reason: null },
    error: state === 'failed' ? { code: 'step-failed', message: `${node} broke.`, node } : null,
  };
}

const steps = [
  aStep('outer', '', 'running', [0]),
  aStep('a', 'outer#0', 'succeeded', [1, 2]),
  aStep('a', 'outer#10', 'failed', [5, 6]),
  aStep('a', 'outer#2', 'running', [3]),
  aStep('inner', 'outer#0', 'succeeded', [2, 9]),
  aStep('b', 'outer#0/inner#0', 'succeeded', [2, 3]),
  aStep('b', 'outer#0/inner#1', 'cached', [3, 4]),
  aStep('b', 'outer#2/inner#0', 'waiting', [4]),
];

describe('the iterations of a loop', () => {
  it('are listed by number, each with the state that says most, its span and what it cost', () => {
    expect(loopIterations(steps, 'outer')).toEqual([
      {
        iteration: 'outer#0',
        state: 'succeeded',
        startedAt: second(1),
        finishedAt: second(9),
        credits: 4,
        error: null,
      },
      { iteration: 'outer#2', state: 'running', startedAt: second(3), finishedAt: null, credits: 2, error: null },
      {
        ...{ iteration: 'outer#10', state: 'failed', startedAt: second(5), finishedAt: second(6), credits: 2 },
        error: { code: 'step-failed', message: 'a broke.', node: 'a' },
      },
    ]);
  });

  it('of a loop within a loop are those of all its iterations, or of one', () => {
    const named = (within?: string) => loopIterations(steps, 'inner', within).map(({ iteration }) => iteration);
    expect(named()).toEqual(['outer#0/inner#0', 'outer#0/inner#1', 'outer#2/inner#0']);
    expect(named('outer#0')).toEqual(['outer#0/inner#0', 'outer#0/inner#1']);
    expect(named('outer#1')).toEqual([]);
  });

  it('are counted for each node in them', () => {
    expect(stepsInside(steps)).toEqual([
      { node: 'a', states: { succeeded: 1, failed: 1, running: 1 }, credits: 6 },
      { node: 'inner', states: { succeeded: 1 }, credits: 2 },
      { node: 'b', states: { succeeded: 1, cached: 1, waiting: 1 }, credits: 6 },
    ]);
  });
});
