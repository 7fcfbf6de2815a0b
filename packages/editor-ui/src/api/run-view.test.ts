import type { RunEventBody } from '@imaginarium/protocol';
import { expect, test } from 'vitest';
import { aRun, aStep, eventsOf } from '../testing/a-run.ts';
import { viewRun } from './run-view.ts';

const story: RunEventBody[] = [
  { type: 'run.started' },
  { type: 'step.started', node: 'a', items: 2 },
  { type: 'log', node: 'a', level: 'info', message: 'hello' },
  { type: 'step.progress', node: 'a', progress: 0.5, message: 'tile 1 of 2' },
  {
    type: 'step.finished',
    node: 'a',
    state: 'succeeded',
    durationMs: 3,
    items: { image: 2 },
    thumbnail: null,
    credits: 10,
    error: null,
    reason: null,
  },
  { type: 'step.started', node: 'b', items: 2 },
  { type: 'step.progress', node: 'b', progress: 0.25 },
];

test('brings a run that was fetched before it began up to date', () => {
  const { run, progress, logs } = viewRun(aRun(), eventsOf(story));
  expect(run).toMatchObject({ state: 'running', creditsSpent: 10, lastSeq: 7 });
  expect(run.steps.map(({ state }) => state)).toEqual(['succeeded', 'running']);
  expect([...progress]).toEqual([['b', { progress: 0.25, message: undefined }]]);
  expect(logs.map(({ message }) => message)).toEqual(['hello']);
});

test('does not apply twice what the fetched run already holds', () => {
  const fetched = aRun({
    state: 'running',
    lastSeq: 5,
    creditsSpent: 10,
    steps: [aStep('a', { state: 'succeeded', credits: 10 }), aStep('b')],
  });
  expect(viewRun(fetched, eventsOf(story)).run).toMatchObject({ creditsSpent: 10, lastSeq: 7 });
});

test('shows a retry until the step works again', () => {
  const retrying: RunEventBody[] = [
    ...story,
    { type: 'step.retrying', node: 'b', attempt: 2, delayMs: 500, message: 'busy' },
  ];
  expect([...viewRun(aRun(), eventsOf(retrying)).retrying]).toEqual([['b', { attempt: 2, message: 'busy' }]]);
  const again: RunEventBody[] = [...retrying, { type: 'step.progress', node: 'b', progress: 0.1 }];
  expect(viewRun(aRun(), eventsOf(again)).retrying.size).toBe(0);
});

test('ends with the run', () => {
  const error = { code: 'step-failed', message: 'no memory', node: 'b' } as const;
  const { run } = viewRun(
    aRun(),
    eventsOf([...story, { type: 'run.finished', state: 'failed', creditsSpent: 10, error }]),
  );
  expect(run).toMatchObject({ state: 'failed', error, finishedAt: '2026-11-21T10:00:00.000Z' });
});

test('shows the steps still to come of a run under way, in the order of its graph', () => {
  const node = (id: string, disabled = false) => ({
    id,
    type: 'image.resize',
    version: 1,
    name: `Step ${id}`,
    params: {},
    position: { x: 0, y: 0 },
    disabled,
  });
  const graph = { ...aRun().graph, nodes: [node('a'), node('b'), node('off', true), node('c')] };
  const fetched = aRun({ state: 'running', steps: [aStep('b', { state: 'running' })], graph });
  expect(viewRun(fetched, []).run.steps.map(({ node: id, state }) => [id, state])).toEqual([
    ['a', 'pending'],
    ['b', 'running'],
    ['c', 'pending'],
  ]);
  const over = aRun({ state: 'cancelled', steps: [aStep('b', { state: 'cancelled' })], graph });
  expect(viewRun(over, []).run.steps).toHaveLength(1);
});
