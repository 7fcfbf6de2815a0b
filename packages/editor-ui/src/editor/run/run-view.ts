import {
  type Failure,
  type FileRef,
  isTerminal,
  type LogLevel,
  type PortItems,
  type Run,
  type RunDetail,
  type RunEvent,
  type RunState,
  type Step,
  type StepState,
  type StepsInside,
  type WaitAbout,
} from '@imaginarium/protocol';

/** One step as the canvas shows it. */
export interface StepView {
  state: StepState;
  /** Share of the work that is done, 0 to 1; undefined until the node tells. */
  progress?: number;
  message?: string;
  durationMs?: number;
  /** Items that left by each port. */
  items: Readonly<Record<string, number>>;
  thumbnail: FileRef | null;
  credits: number;
  error: Failure | null;
  reason: string | null;
  /** What it waits for, while it does. */
  waiting?: { about: WaitAbout; dueAt: string | null } | undefined;
}

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
}

/** A log longer than this keeps its end. */
export const LOG_LIMIT = 5000;

const PENDING: StepView = { state: 'pending', items: {}, thumbnail: null, credits: 0, error: null, reason: null };

/** A run that was just accepted: every node waits. */
export function viewOfNewRun(run: Run, nodes: readonly string[]): RunView {
  const steps = Object.fromEntries(nodes.map((node) => [node, PENDING]));
  return { run, steps, outputs: {}, logs: [], lastSeq: 0 };
}

/** A run as it was fetched. */
export function viewOfRun(detail: RunDetail): RunView {
  const { steps, graph: _graph, inside: _inside, ...run } = detail;
  return {
    run,
    steps: {
      ...Object.fromEntries((detail.inside ?? []).map((entry) => [entry.node, viewOfInside(entry)])),
      ...Object.fromEntries(steps.map((step) => [step.node, viewOfStep(step)])),
    },
    outputs: outputsOf(detail),
    logs: [],
    lastSeq: run.lastSeq,
  };
}

/** The outputs of a run's steps, by node. */
export function outputsOf(detail: RunDetail): Record<string, PortItems> {
  return Object.fromEntries(detail.steps.map((step) => [step.node, step.outputs]));
}

/** Adds the log lines of events that lie before the view, and what steps that wait said of it. */
export function withLogs(view: RunView, events: readonly RunEvent[]): RunView {
  const known = new Set(view.logs.map((line) => line.seq));
  const lines = events.flatMap((event) => (event.type === 'log' && !known.has(event.seq) ? [lineOf(event)] : []));
  const logs = [...view.logs, ...lines].toSorted((a, b) => a.seq - b.seq).slice(-LOG_LIMIT);
  return { ...view, steps: withWaits(view.steps, events), logs };
}

/** Says of steps that wait what for: a run that was fetched does not. */
function withWaits(steps: RunView['steps'], events: readonly RunEvent[]): RunView['steps'] {
  const told = events.flatMap((event) =>
    event.type === 'step.waiting' && steps[event.node]?.state === 'waiting' ? [event] : [],
  );
  if (told.length === 0) return steps;
  const waiting = told.map(({ node, about, dueAt }): [string, StepView] => [
    node,
    { ...(steps[node] ?? PENDING), waiting: { about, dueAt } },
  ]);
  return { ...steps, ...Object.fromEntries(waiting) };
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
      return withStep(view, event.node, { ...PENDING, state: 'running', waiting: undefined });
    case 'step.progress':
      return withStep(view, event.node, { progress: event.progress, message: event.message });
    case 'step.retrying':
      return withStep(view, event.node, { message: event.message });
    case 'step.waiting':
      return withStep(view, event.node, {
        state: 'waiting',
        progress: undefined,
        message: undefined,
        waiting: { about: event.about, dueAt: event.dueAt },
      });
    case 'step.finished':
      return withStep(view, event.node, {
        state: event.state,
        waiting: undefined,
        progress: undefined,
        message: undefined,
        durationMs: event.durationMs,
        items: event.items,
        thumbnail: event.thumbnail,
        credits: event.credits,
        error: event.error,
        reason: event.reason,
      });
    case 'log':
      return { ...view, logs: [...view.logs, lineOf(event)].slice(-LOG_LIMIT) };
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

/** A node in a loop, over all its iterations: what is worst or least finished is what it is. */
function viewOfInside({ states }: StepsInside): StepView {
  const order: StepState[] = ['failed', 'running', 'waiting', 'pending', 'cancelled', 'succeeded', 'cached', 'skipped'];
  return { ...PENDING, state: order.find((state) => states[state]) ?? 'pending' };
}

function viewOfStep(step: Step): StepView {
  const took = step.startedAt && step.finishedAt ? Date.parse(step.finishedAt) - Date.parse(step.startedAt) : undefined;
  const files = Object.values(step.outputs).flatMap((items) => items.flatMap((item) => item.file ?? []));
  return {
    state: step.state,
    items: Object.fromEntries(Object.entries(step.outputs).map(([port, items]) => [port, items.length])),
    thumbnail: files.find((file) => file.kind === 'image') ?? null,
    credits: step.credits,
    error: step.error,
    reason: step.reason,
    ...(took === undefined ? {} : { durationMs: took }),
  };
}

function lineOf(event: Extract<RunEvent, { type: 'log' }>): LogLine {
  const { seq, at, node, level, message } = event;
  return { seq, at, node, level, message };
}
