import {
  type GraphNode,
  isTerminal,
  type LogLevel,
  type PortItems,
  type Run,
  type RunDetail,
  type RunEvent,
  type RunState,
  type StepState,
} from '@imaginarium/protocol';
import { applyInside, type PickedIteration, withInside } from './iterations.ts';
import { PENDING, type StepView, viewOfStep } from './step-view.ts';

/** One line of a run's log. */
export interface LogLine {
  seq: number;
  at: string;
  node: string | null;
  level: LogLevel;
  message: string;
}

/** A run as the editor shows it: what was fetched, moved on by every event since. */
export interface RunView {
  run: Run;
  steps: Readonly<Record<string, StepView>>;
  /** Outputs of the steps that are settled, as far as they were fetched. */
  outputs: Readonly<Record<string, PortItems>>;
  logs: readonly LogLine[];
  lastSeq: number;
  /** Steps inside of loops that are under way, as events told. */
  open: Readonly<Record<string, StepState>>;
  /** The iterations that are looked at, by loop; where there is none, the nodes of a loop show all of them together. */
  picked: Readonly<Record<string, PickedIteration>>;
}

/** A log longer than this keeps its end. */
export const LOG_LIMIT = 5000;

/** A run that was just accepted: every node waits. */
export function viewOfNewRun(run: Run, nodes: readonly Pick<GraphNode, 'id' | 'parent'>[]): RunView {
  const steps = Object.fromEntries(
    nodes.map(({ id, parent }) => [id, parent ? { ...PENDING, inside: {} } : PENDING] as const),
  );
  return { run, steps, outputs: {}, logs: [], lastSeq: 0, open: {}, picked: {} };
}

/** A run as it was fetched. */
export function viewOfRun(detail: RunDetail): RunView {
  const { steps, graph: _graph, inside: _inside, ...run } = detail;
  const view: RunView = {
    run,
    steps: Object.fromEntries(steps.map((step) => [step.node, viewOfStep(step)])),
    outputs: outputsOf(detail),
    logs: [],
    lastSeq: run.lastSeq,
    open: {},
    picked: {},
  };
  return withInside(view, detail);
}

/** The outputs of a run's steps, by node. */
export function outputsOf(detail: RunDetail): Record<string, PortItems> {
  return Object.fromEntries(detail.steps.map((step) => [step.node, step.outputs]));
}

/** Adds what only the events before the view tell: log lines, what steps wait for, how many iterations loops have. */
export function withEarlier(view: RunView, events: readonly RunEvent[]): RunView {
  const known = new Set(view.logs.map((line) => line.seq));
  const lines = events.flatMap((event) => (event.type === 'log' && !known.has(event.seq) ? [lineOf(event)] : []));
  const logs = [...view.logs, ...lines].toSorted((a, b) => a.seq - b.seq).slice(-LOG_LIMIT);
  const steps = { ...view.steps };
  for (const event of events) {
    if (!('node' in event) || event.node === null) continue;
    const step = steps[event.node];
    if (event.type === 'step.waiting' && step?.state === 'waiting')
      steps[event.node] = { ...step, waiting: { about: event.about, dueAt: event.dueAt } };
    if (event.type === 'step.progress' && event.iterations && !event.iteration && step)
      steps[event.node] = { ...step, iterations: event.iterations };
  }
  return { ...view, steps, logs };
}

/** Moves a view on by events; those it already holds are left out. */
export function applyEvents(view: RunView, events: readonly RunEvent[]): RunView {
  return events.reduce((result, event) => (event.seq > result.lastSeq ? applyEvent(result, event) : result), view);
}

function applyEvent(before: RunView, event: RunEvent): RunView {
  const view = { ...before, lastSeq: event.seq };
  switch (event.type) {
    case 'run.started':
      return { ...view, run: { ...view.run, state: 'running', startedAt: event.at } };
    case 'run.waiting':
      return { ...view, run: { ...view.run, state: 'waiting' } };
    case 'run.resumed':
      return { ...view, run: { ...view.run, state: 'running' } };
    case 'run.finished':
      return {
        ...view,
        run: {
          ...view.run,
          state: event.state,
          finishedAt: event.at,
          creditsSpent: event.creditsSpent,
          error: event.error,
        },
        steps: settled(view.steps, event.state),
      };
    case 'step.started':
    case 'step.progress':
    case 'step.retrying':
    case 'step.waiting':
    case 'step.finished': {
      const change = changeOf(event);
      const { iteration } = event;
      return iteration ? applyInside(view, { ...event, iteration }, change) : withStep(view, event.node, change);
    }
    case 'log':
      return { ...view, logs: [...view.logs, lineOf(event)].slice(-LOG_LIMIT) };
  }
}

/** What a step says of itself only while it is at work. */
const NOTHING_UNDER_WAY = { progress: undefined, message: undefined, itemsDone: undefined, leftMs: undefined };

/** What an event means for its step. */
function changeOf(event: Extract<RunEvent, { type: `step.${string}` }>): Partial<StepView> {
  switch (event.type) {
    case 'step.started':
      return { ...PENDING, state: 'running', waiting: undefined };
    case 'step.progress':
      return {
        progress: event.progress,
        message: event.message,
        itemsDone: event.items,
        leftMs: event.leftMs,
        ...(event.iterations ? { iterations: event.iterations } : {}),
      };
    case 'step.retrying':
      return { message: event.message, leftMs: undefined };
    case 'step.waiting':
      return {
        state: 'waiting',
        ...NOTHING_UNDER_WAY,
        waiting: { about: event.about, dueAt: event.dueAt },
      };
    case 'step.finished':
      return {
        state: event.state,
        waiting: undefined,
        ...NOTHING_UNDER_WAY,
        durationMs: event.durationMs,
        items: event.items,
        thumbnail: event.thumbnail,
        credits: event.credits,
        error: event.error,
        reason: event.reason,
      };
  }
}

function withStep(view: RunView, node: string, change: Partial<StepView>): RunView {
  const step = { ...(view.steps[node] ?? PENDING), ...change };
  return { ...view, steps: { ...view.steps, [node]: step } };
}

/** What never began in a run that is over will not begin: it is shown as cancelled or skipped. */
function settled(steps: RunView['steps'], state: RunState): RunView['steps'] {
  const left: StepState = state === 'cancelled' ? 'cancelled' : 'skipped';
  return Object.fromEntries(
    Object.entries(steps).map(([node, step]) => [node, isTerminal(step.state) ? step : { ...step, state: left }]),
  );
}

function lineOf(event: Extract<RunEvent, { type: 'log' }>): LogLine {
  const { seq, at, node, level, message } = event;
  return { seq, at, node, level, message };
}
