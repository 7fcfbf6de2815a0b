import type { Graph } from '@imaginarium/protocol';
import { LRUCache } from 'lru-cache';
import type { Transaction } from '../database/database.ts';

/** Characters of JSON that the graphs held on to may have together. */
const MOST_CHARACTERS = 20_000_000;

/** Graphs by workspace and hash. What is found out about a graph, such as its plan, lives as long as it. */
const graphs = new LRUCache<string, Graph>({ maxSize: MOST_CHARACTERS });

/**
 * The graph of a run, read once while it is in use: one that is kept never changes, and whoever is given it must not change it.
 * @throws {Error} when it is not there.
 */
export async function keptGraph({ sql }: Transaction, workspaceId: string, hash: string): Promise<Graph> {
  const key = `${workspaceId} ${hash}`;
  const known = graphs.get(key);
  if (known) return known;
  const [row] = await sql<{ graph: string }>`
    SELECT graph FROM graph_snapshot WHERE workspace_id = ${workspaceId} AND hash = ${hash}`;
  if (!row) throw new Error(`The graph ${hash} is missing from the database.`);
  const graph: Graph = JSON.parse(row.graph);
  graphs.set(key, graph, { size: row.graph.length });
  return graph;
}
