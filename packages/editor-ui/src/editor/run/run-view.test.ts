import type { RunEvent, RunEventBody } from '@imaginarium/protocol';
import { describe, expect, it } from 'vitest';
import { aRun } from '../../testing/a-run.ts';
import { progressOf } from './run-progress.ts';
import { applyEvents, viewOfNewRun, withEarlier } from './run-view.ts';

const run = aRun();
function events(...bodies: RunEventBody[]): RunEvent[] {
  return bodies.map(
    (body, index) => ({ ...body, runId: run.id, seq: index + 1, at: '2026-11-21T12:04:00.000Z' }) as RunEvent,
  );
}

const finished = (node: string, change: object = {}): RunEventBody => ({
  type: 'step.finished',
  node,
  state: 'succeeded',
  durationMs: 40,
  items: { image: 1 },
  thumbnail: null,
  credits: 2,
  error: null,
  reason: null,
  ...change,
});

describe('the view of a run', () => {
  it('follows a step from waiting over progress to done', () => {
    const began = applyEvents(
      viewOfNewRun(run, [{ id: 'a' }, { id: 'b' }]),
      events(
        { type: 'run.started' },
        { type: 'step.started', node: 'a', items: 1 },
        { type: 'step.progress', node: 'a', progress: 0.5, items: { done: 7, count: 20 }, leftMs: 41_000 },
      ),
    );
    expect(began.run.state).toBe('running');
    const itemsDone = { done: 7, count: 20 };
    expect(began.steps.a).toMatchObject({ state: 'running', progress: 0.5, itemsDone, leftMs: 41_000 });
    expect(progressOf(began)).toBe(0.25);
    const done = applyEvents(began, [{ ...events(finished('a'))[0], seq: 4 } as RunEvent]);
    expect([done.steps.a?.itemsDone, done.steps.a?.leftMs]).toEqual([undefined, undefined]);
    expect(done.steps.a).toMatchObject({ state: 'succeeded', durationMs: 40, items: { image: 1 }, credits: 2 });
    expect(progressOf(done)).toBe(0.5);
  });

  it('takes each event once, however often it comes', () => {
    const all = events({ type: 'run.started' }, { type: 'log', node: null, level: 'info', message: 'hello' });
    const once = applyEvents(viewOfNewRun(run, []), all);
    expect(applyEvents(once, all)).toEqual(once);
    expect(withEarlier(once, all).logs).toHaveLength(1);
  });

  it('leaves no node waiting when the run is over', () => {
    const over = applyEvents(
      viewOfNewRun(run, [{ id: 'a' }, { id: 'b' }]),
      events(finished('a', { state: 'failed', error: { code: 'step-failed', message: 'No.' } }), {
        type: 'run.finished',
        state: 'failed',
        creditsSpent: 0,
        error: { code: 'step-failed', message: 'No.' },
      }),
    );
    expect(over.steps.a?.state).toBe('failed');
    expect(over.steps.b?.state).toBe('skipped');
    expect(over.run.error?.message).toBe('No.');
  });
});
