import { iterationOf, type RunDetail, type RunEvent, type RunEventBody, type Step } from '@imaginarium/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aRun, aStep } from '../../testing/a-run.ts';
import { countIterations, pickedFrom, pickIteration, stepShown, withInside } from './iterations.ts';
import { progressOf } from './run-progress.ts';
import { applyEvents, type RunView, viewOfNewRun, viewOfRun, withEarlier } from './run-view.ts';

const run = aRun();
const nodes = [{ id: 'rows' }, { id: 'each' }, { id: 'a', parent: 'each' }, { id: 'b', parent: 'each' }];
const stamped = (bodies: readonly RunEventBody[], first = 1): RunEvent[] =>
  bodies.map(
    (body, index) => ({ ...body, runId: run.id, seq: first + index, at: '2026-11-21T12:04:00.000Z' }) as RunEvent,
  );
const started = (node: string, index: number): RunEventBody => ({
  ...{ type: 'step.started', node, items: 1, iteration: iterationOf('', 'each', index) },
});
const finished = (node: string, index: number, change: object = {}): RunEventBody => ({
  ...{ type: 'step.finished', node, iteration: iterationOf('', 'each', index), state: 'succeeded', durationMs: 5 },
  ...{ items: { item: 1 }, thumbnail: null, credits: 2, error: null, reason: null },
  ...change,
});
const told = (done: number, count: number): RunEventBody => ({
  ...{ type: 'step.progress', node: 'each', progress: done / count, message: '', iterations: { done, count } },
});
const follow = (bodies: readonly RunEventBody[], view: RunView = viewOfNewRun(run, nodes)) =>
  applyEvents(view, stamped(bodies, view.lastSeq + 1));
const detailOf = (change: Partial<RunDetail>): RunDetail => ({
  ...{ ...run, steps: [], waitsFor: null, cursor: 0 },
  graph: { schema: 1, nodes: [], edges: [], inputs: [], notes: [], settings: {} },
  ...change,
});

describe('a node in a loop', () => {
  it('counts its iterations, and says how many failed', () => {
    const view = follow([
      ...[told(0, 3), started('a', 0), finished('a', 0), started('a', 1)],
      ...[finished('a', 1, { state: 'failed', credits: 0 }), told(2, 3), started('a', 2)],
    ]);
    expect(view.steps.a).toMatchObject({
      state: 'running',
      credits: 2,
      inside: { succeeded: 1, failed: 1, running: 1 },
    });
    expect(countIterations(view.steps.a, view.steps.each)).toEqual({ done: 2, count: 3, failed: 1 });
    // In a loop within a loop, it has others in each of them: nobody knows how many there will be.
    expect(countIterations(view.steps.a, undefined)?.count).toBeUndefined();
    expect(countIterations(view.steps.b, view.steps.each)).toBeUndefined();
  });

  it('is counted as a fetch would count it, whatever happens at the same time, and wherever one begins to listen', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(5), fc.constantFrom('succeeded', 'failed', 'skipped', 'waiting')), { maxLength: 20 }),
        fc.nat(20),
        (moves, heardFrom) => {
          const states = new Map<number, string>();
          const bodies: RunEventBody[] = [];
          for (const [index, end] of moves) {
            const was = states.get(index);
            if (was === undefined || was === 'waiting') {
              bodies.push(started('a', index));
              states.set(index, 'running');
            } else if (was === 'running') {
              if (end === 'waiting')
                bodies.push({
                  ...{ type: 'step.waiting', node: 'a', iteration: `each#${index}`, items: 1, dueAt: null },
                  about: { kind: 'time' },
                });
              else bodies.push(finished('a', index, { state: end }));
              states.set(index, end);
            }
          }
          const counted: Record<string, number> = {};
          for (const state of states.values()) counted[state] = (counted[state] ?? 0) + 1;
          expect(follow(bodies).steps.a?.inside).toEqual(counted);

          // Somebody who opens the run in the middle and fetches it again at its end sees the same.
          const late = applyEvents(viewOfNewRun(run, nodes), stamped(bodies).slice(heardFrom));
          const inside = [{ node: 'a', states: counted, credits: 0 }];
          const fetched = withInside(late, detailOf({ inside, lastSeq: bodies.length + 1 }));
          expect(fetched.steps.a?.inside).toEqual(counted);
        },
      ),
    );
  });

  it('does not count for the progress of a run: its loop does', () => {
    const view = follow([
      finished('rows', 0, { iteration: undefined }),
      ...[told(1, 4), started('a', 0), finished('a', 0), started('b', 0)],
    ]);
    expect(progressOf(view)).toBe((1 + 0.25) / 2);
  });

  it('shows the iteration that is looked at, and what happens in it, and all of them together again', () => {
    const view = follow([told(0, 2), started('a', 0), finished('a', 0), started('a', 1)]);
    const step: Step = aStep('a', { iteration: 'each#1', state: 'running', startedAt: '2026-11-21T10:00:00.000Z' });
    const looked = pickIteration(view, 'each', pickedFrom('each#1', [step]), new Set(['a', 'b']));
    const a = { id: 'a', parent: 'each' };
    expect(stepShown(looked, a)?.state).toBe('running');
    expect(stepShown(looked, { id: 'b', parent: 'each' })?.state).toBe('pending');
    const later = follow(
      [finished('a', 1, { state: 'failed', error: { code: 'step-failed', message: 'No.' } })],
      looked,
    );
    expect(stepShown(later, a)).toMatchObject({ state: 'failed', error: { message: 'No.' } });
    expect(later.steps.a?.inside).toEqual({ succeeded: 1, failed: 1 });
    expect(stepShown(pickIteration(later, 'each', null, new Set()), a)?.state).toBe('failed');
  });

  it('leaves an inner iteration when another outer one is looked at', () => {
    const inside = new Set(['inner', 'b']);
    let view = pickIteration(viewOfNewRun(run, nodes), 'outer', pickedFrom('outer#0', []), inside);
    view = pickIteration(view, 'inner', pickedFrom('outer#0/inner#1', []), new Set(['b']));
    expect(Object.keys(view.picked)).toEqual(['outer', 'inner']);
    expect(Object.keys(pickIteration(view, 'outer', pickedFrom('outer#1', []), inside).picked)).toEqual(['outer']);
    expect(Object.keys(pickIteration(view, 'outer', null, inside).picked)).toEqual([]);
  });

  it('stands as it stood when the run is opened again, with the number of iterations', () => {
    const inside = [{ node: 'a', states: { succeeded: 2, failed: 1 }, credits: 6 }];
    const steps = [aStep('each', { state: 'succeeded' })];
    const view = withEarlier(viewOfRun(detailOf({ steps, inside, lastSeq: 9 })), stamped([told(3, 10)]));
    expect(view.steps.a).toMatchObject({ state: 'failed', credits: 6 });
    // It ran until something held, three times of at most ten.
    expect(countIterations(view.steps.a, view.steps.each)).toEqual({ done: 3, count: 3, failed: 1 });
  });
});
