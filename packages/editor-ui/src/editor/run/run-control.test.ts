import { ApiError, type Client } from '@imaginarium/client';
import type {
  PortItems,
  Run,
  RunChanges,
  RunDetail,
  RunEvent,
  RunEventBody,
  Step,
  WorkspaceQuote,
} from '@imaginarium/protocol';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { aRun } from '../../testing/a-run.ts';
import { aStore } from '../testing/EditorProviders.tsx';
import { aGraph } from '../testing/graphs.ts';
import { RunControl, type RunTrouble } from './run-control.ts';

const graph = aGraph({ a: 'input.image', b: 'processing.resize' }, ['a.image -> b.image']);
const outputs: PortItems = { image: [{ id: 'i', value: 1, fields: {}, from: [] }] };
const step: Step = {
  node: 'a',
  iteration: '',
  name: 'Image',
  type: 'input.image',
  state: 'succeeded',
  attempts: 1,
  startedAt: null,
  finishedAt: null,
  itemsIn: 0,
  itemsFailed: 0,
  outputs,
  credits: 0,
  error: null,
  reason: null,
};

function event(seq: number, body: RunEventBody): RunEvent {
  return { ...body, runId: aRun().id, seq, at: '2026-11-21T12:04:00.000Z' } as RunEvent; // Stamped as the run would.
}
const started = event(1, { type: 'run.started' });
const log = event(2, { type: 'log', node: 'a', level: 'info', message: 'hello' });
const ended = event(3, { type: 'run.finished', state: 'succeeded', creditsSpent: 2, error: null });

function quoteOf(total: number, wallet: WorkspaceQuote['wallet']): WorkspaceQuote {
  const seen = { measured: true, estimateMs: 1, bundle: null, nodes: [] };
  return {
    ...seen,
    ...{ total, least: total, most: total },
    ...{ currency: 'IDR', amount: total * 100, wallet, budget: null },
  };
}

function setUp({ run = aRun(), events = [] as RunEvent[], saved = true } = {}) {
  const store = aStore(graph);
  const watches: { after: number; tell: (events: RunEvent[]) => void; stopped: boolean }[] = [];
  const answers: Record<string, () => unknown> = {
    startRun: () => run,
    getRun: (): RunDetail => ({ ...run, steps: [step], graph, waitsFor: null, cursor: 1 }),
    getRunChanges: (): RunChanges => ({ ...run, steps: [], waitsFor: null, cursor: 1 }),
    listRunEvents: () => ({ events }),
    listRuns: (): { runs: Run[]; nextCursor: null } => ({ runs: [run], nextCursor: null }),
  };
  const call = vi.fn(async (name: string) => answers[name]?.());
  const live = {
    watchRun: (_run: string, after: number, tell: (events: RunEvent[]) => void) => {
      const watch = { after, tell, stopped: false };
      watches.push(watch);
      return () => {
        watch.stopped = true;
      };
    },
  };
  const troubles: RunTrouble[] = [];
  const control = new RunControl({
    client: { call, live } as unknown as Client, // Only what RunControl asks of it.
    store,
    flush: async () => saved,
    onTrouble: (trouble) => troubles.push(trouble),
  });
  return { store, control, call, answers, watches, troubles };
}

beforeEach(() => localStorage.clear());

describe('running from the editor', () => {
  it('saves, starts, follows from the first event, and fetches what came out when the run ends', async () => {
    const { store, control, watches } = setUp();
    await control.start();
    expect(Object.values(store.getState().run?.steps ?? {}).map((one) => one.state)).toEqual(['pending', 'pending']);
    expect(store.getState().drawerOpen).toBe(true);
    expect(watches).toMatchObject([{ after: 0, stopped: false }]);
    watches[0]?.tell([started, log, ended]);
    expect(store.getState().run?.run.state).toBe('succeeded');
    expect(watches[0]?.stopped).toBe(true);
    await expect.poll(() => store.getState().run?.outputs).toEqual({ a: outputs });
  });

  it('starts nothing while the draft is not saved, and says so', async () => {
    const { control, call, troubles } = setUp({ saved: false });
    await control.start();
    expect(call).not.toHaveBeenCalled();
    expect(troubles).toEqual(['unsaved']);
  });

  it('starts one run, however often Run is pressed', async () => {
    const { control, call } = setUp();
    await Promise.all([control.start(), control.start()]);
    await control.start();
    expect(call.mock.calls.filter(([name]) => name === 'startRun')).toHaveLength(1);
  });

  it('runs up to a node, and from a node with what the run that is shown made before it', async () => {
    const run = aRun({ state: 'succeeded' });
    const { control, call } = setUp({ run });
    await control.start(undefined, { from: 'b' });
    expect(call).not.toHaveBeenCalled();
    await control.start(undefined, { until: 'a' });
    await control.start(undefined, { from: 'b' });
    const bodies = (call.mock.calls as unknown[][]).map(([, request]) => (request as { body: unknown }).body);
    expect(bodies).toEqual([{ until: 'a' }, { from: { runId: run.id, node: 'b' } }]);
  });

  it('agrees to the price that stood on the button, where a wallet pays, for the whole workflow as it is', async () => {
    const { store, control, call } = setUp({ run: aRun({ state: 'succeeded' }) });
    const ask = async (...asked: Parameters<RunControl['start']>) => {
      call.mockClear();
      await control.start(...asked);
      return (call.mock.calls as unknown[][]).map(([, request]) => (request as { body: unknown }).body);
    };
    store.getState().setQuote(quoteOf(15, null));
    expect(await ask()).toEqual([{}]);
    store.getState().setQuote(quoteOf(15, { available: 100, after: 85 }));
    expect(await ask()).toEqual([{ maxCredits: 15 }]);
    store.getState().setQuote({ ...quoteOf(15, { available: 100, after: 85 }), most: 60 });
    expect(await ask()).toEqual([{ maxCredits: 60 }]);
    store.getState().setQuote({ ...quoteOf(15, { available: 100, after: 85 }), most: null });
    expect(await ask()).toEqual([{}]);
    expect(await ask({ photo: 'x' })).toEqual([{ inputs: { photo: 'x' } }]);
    expect(await ask(undefined, { until: 'a' })).toEqual([{ until: 'a' }]);
  });

  it('shows the new price when the one on the button was refused, and agrees to that at the next press', async () => {
    const { store, control, call, answers, troubles } = setUp({ run: aRun({ state: 'succeeded' }) });
    store.getState().setQuote(quoteOf(15, { available: 100, after: 85 }));
    const { startRun } = answers;
    answers.startRun = () => {
      throw new ApiError(409, { code: 'price-changed', message: 'This run costs 20 credits now.', requestId: 'r' });
    };
    answers.quoteRun = () => quoteOf(20, { available: 100, after: 80 });
    await control.start();
    expect(troubles).toEqual(['start']);
    expect(store.getState().quote?.total).toBe(20);
    Object.assign(answers, { startRun });
    await control.start();
    expect(call).toHaveBeenLastCalledWith(
      'startRun',
      expect.objectContaining({ body: { maxCredits: 20 } }),
      expect.anything(),
    );
  });

  it('finds a run in the middle again, and goes on after the last event it was told', async () => {
    const run = aRun({ state: 'running', lastSeq: 1 });
    const { store, control, watches } = setUp({ run, events: [started, log] });
    await control.resume();
    expect(watches).toMatchObject([{ after: 2 }]);
    expect(store.getState().run?.logs.map((line) => line.message)).toEqual(['hello']);
    expect(store.getState().drawerOpen).toBe(true);
  });

  it('shows a run that is over without following it', async () => {
    const { store, control, watches } = setUp({
      run: aRun({ state: 'succeeded', lastSeq: 3 }),
      events: [started, log],
    });
    await control.resume();
    expect(watches).toEqual([]);
    expect(store.getState().run?.outputs).toEqual({ a: outputs });
    expect(store.getState().drawerOpen).toBe(false);
  });
});
