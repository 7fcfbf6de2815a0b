import type { Graph } from '@imaginarium/protocol';

/** How many steps back are kept. Snapshots share what did not change, so a step costs a few hundred bytes. */
export const HISTORY_LIMIT = 200;
/** Edits of the same thing closer together than this become one step, in milliseconds. */
export const COALESCE_MS = 1000;

/** A document with its past and future. */
export interface History {
  present: Graph;
  past: readonly Graph[];
  future: readonly Graph[];
  /** What the last edit changed and when: the next edit of the same thing joins it. */
  last: { thing: string; at: number } | null;
}

/** A history in which nothing has happened yet. */
export function startHistory(graph: Graph): History {
  return { present: graph, past: [], future: [], last: null };
}

/**
 * Records an edit. An edit that names the `thing` it changes (a param being typed in, a node being nudged) joins the edit before it when that
 * was of the same thing and recent, so that undo takes back a word and not a letter.
 */
export function edit(history: History, graph: Graph, { thing, at }: { thing?: string; at: number }): History {
  if (graph === history.present) return history;
  const joins = thing !== undefined && history.last?.thing === thing && at - history.last.at < COALESCE_MS;
  return {
    present: graph,
    past: joins ? history.past : [...history.past, history.present].slice(-HISTORY_LIMIT),
    future: [],
    last: thing === undefined ? null : { thing, at },
  };
}

/** One step back, or the same history at its beginning. */
export function undo(history: History): History {
  const present = history.past.at(-1);
  if (!present) return history;
  return { present, past: history.past.slice(0, -1), future: [history.present, ...history.future], last: null };
}

/** One step forward again, or the same history at its end. */
export function redo(history: History): History {
  const [present, ...future] = history.future;
  if (!present) return history;
  return { present, past: [...history.past, history.present], future, last: null };
}
