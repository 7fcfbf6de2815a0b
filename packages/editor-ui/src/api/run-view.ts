import { isTerminal, pendingStep, type RunDetail, type RunEvent, type Step } from '@imaginarium/protocol';

export type LogEvent = Extract<RunEvent, { type: 'log' }>;

/** What a running step last said of itself. */
export interface StepProgress {
  /** Share of the step's work that is done, 0 to 1. */
  progress: number;
  message?: string | undefined;
  /** Of several items: how many are done, and how many there are. */
  items?: { done: number; count: number } | undefined;
  /** Milliseconds that it still takes, where that is known. */
  leftMs?: number | undefined;
}

/** A run as the screen shows it: what was fetched, brought up to date by what was heard since. */
export interface RunView {
  run: RunDetail;
  progress: ReadonlyMap<string, StepProgress>;
  /** The retry a step waits for, by node. */
  retrying: ReadonlyMap<string, { attempt: number; message: string }>;
  logs: readonly LogEvent[];
}

/**
 * Brings a fetched run up to date with its events, all of them from number 1. Those up to the run's `lastSeq` are in what was
 * fetched already and count only for what a fetch does not tell: logs and progress.
 */
export function viewRun(detail: RunDetail, events: readonly RunEvent[]): RunView {
  let run = withPendingSteps(detail);
  const progress = new Map<string, StepProgress>();
  const retrying = new Map<string, { attempt: number; message: string }>();
  const logs: LogEvent[] = [];
  for (const event of events) {
    switch (event.type) {
      case 'log':
        logs.push(event);
        break;
      case 'step.progress':
        progress.set(event.node, {
          ...{ progress: event.progress, message: event.message },
          ...{ items: event.items, leftMs: event.leftMs },
        });
        retrying.delete(event.node);
        break;
      case 'step.retrying':
        retrying.set(event.node, { attempt: event.attempt, message: event.message });
        break;
      case 'step.finished':
        progress.delete(event.node);
        retrying.delete(event.node);
        break;
    }
    if (event.seq > detail.lastSeq) run = applyEvent(run, event);
  }
  return { run, progress, retrying, logs };
}

/** A run under way has rows only for steps that began; those still to come are known from its graph. */
function withPendingSteps(run: RunDetail): RunDetail {
  if (isTerminal(run.state)) return run;
  const begun = new Map(run.steps.map((step) => [step.node, step]));
  // What stands in a loop has a step in each iteration, and none of its own.
  const nodes = run.graph.nodes.filter(({ id, disabled, parent }) => !parent && (begun.has(id) || disabled !== true));
  const inGraph = new Set(nodes.map(({ id }) => id));
  const steps = nodes.map((node) => begun.get(node.id) ?? pendingStep(node));
  return { ...run, steps: [...steps, ...run.steps.filter(({ node }) => !inGraph.has(node))] };
}

function applyEvent(run: RunDetail, event: RunEvent): RunDetail {
  const next = { ...run, lastSeq: event.seq };
  switch (event.type) {
    case 'run.started':
      return { ...next, state: 'running', startedAt: next.startedAt ?? event.at };
    case 'run.waiting':
      return { ...next, state: 'waiting' };
    case 'run.resumed':
      return { ...next, state: 'running' };
    case 'step.waiting':
      return withStep(next, event.node, () => ({ state: 'waiting' }));
    case 'run.finished':
      return {
        ...next,
        state: event.state,
        finishedAt: event.at,
        creditsSpent: event.creditsSpent,
        error: event.error,
      };
    case 'step.started':
      return withStep(next, event.node, () => ({
        state: 'running',
        startedAt: event.at,
        itemsIn: event.items,
        attempts: 1,
      }));
    case 'step.finished':
      return withStep(
        { ...next, creditsSpent: next.creditsSpent + event.credits, cover: event.thumbnail ?? next.cover },
        event.node,
        () => ({
          state: event.state,
          finishedAt: event.at,
          credits: event.credits,
          error: event.error,
          reason: event.reason,
        }),
      );
    case 'step.retrying':
      return withStep(next, event.node, () => ({ attempts: event.attempt }));
    case 'step.progress':
    case 'log':
      return next;
  }
}

function withStep(run: RunDetail, node: string, change: (step: Step) => Partial<Step>): RunDetail {
  return { ...run, steps: run.steps.map((step) => (step.node === node ? { ...step, ...change(step) } : step)) };
}
