import { nodesInside, type RunDetail, type RunEvent, type WorkspaceQuote } from '@imaginarium/protocol';
import type { StateCreator } from 'zustand';
import { type PickedIteration, pickIteration, withInside } from '../run/iterations.ts';
import { applyEvents, outputsOf, type RunView, withEarlier } from '../run/run-view.ts';
import type { SaveState } from './autosave.ts';
import type { EditorState } from './editor-store.ts';

/** The run that the canvas shows, the price of the next one, and where the draft stands. */
export interface RunSlice {
  run: RunView | null;
  /** A start or a cancel is on its way to the server. */
  runPending: 'start' | 'cancel' | null;
  quote: WorkspaceQuote | null;
  /** What the quote says of each node. */
  quoteByNode: ReadonlyMap<string, WorkspaceQuote['nodes'][number]>;
  save: SaveState;
  /** Counts the saves: what hangs on the stored draft is asked for anew. */
  revision: number;
  showRun(run: RunView | null): void;
  receive(runId: string, events: readonly RunEvent[]): void;
  /** Adds what only events from before the view tell. */
  addEarlier(runId: string, events: readonly RunEvent[]): void;
  /** Takes over what only a fetch tells: outputs, and how the steps inside of loops stand. */
  refreshRun(runId: string, detail: RunDetail): void;
  /** Looks at an iteration of a loop, or with null at all of them. */
  pickIteration(runId: string, loop: string, picked: PickedIteration | null): void;
  setRunPending(pending: RunSlice['runPending']): void;
  setQuote(quote: WorkspaceQuote | null): void;
  setSave(save: SaveState): void;
  setRevision(revision: number): void;
}

export function createRunSlice(init: {
  savedAt: string;
  revision: number;
}): StateCreator<EditorState, [], [], RunSlice> {
  return (set) => ({
    run: null,
    runPending: null,
    quote: null,
    quoteByNode: new Map(),
    save: { state: 'saved', at: init.savedAt },
    revision: init.revision,
    showRun: (run) => set({ run }),
    receive: (runId, events) => set(({ run }) => (run?.run.id === runId ? { run: applyEvents(run, events) } : {})),
    addEarlier: (runId, events) => set(({ run }) => (run?.run.id === runId ? { run: withEarlier(run, events) } : {})),
    refreshRun: (runId, detail) =>
      set(({ run }) =>
        run?.run.id === runId ? { run: { ...withInside(run, detail), outputs: outputsOf(detail) } } : {},
      ),
    pickIteration: (runId, loop, picked) =>
      set(({ run, graph }) =>
        run?.run.id === runId ? { run: pickIteration(run, loop, picked, new Set(nodesInside(graph, loop))) } : {},
      ),
    setRunPending: (runPending) => set({ runPending }),
    setQuote: (quote) => set({ quote, quoteByNode: new Map(quote?.nodes.map((entry) => [entry.node, entry])) }),
    setSave: (save) => set({ save }),
    setRevision: (revision) => set({ revision }),
  });
}
