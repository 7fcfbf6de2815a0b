import type { CanExecute } from '@imaginarium/engine';
import { type Graph, nodeTypesOf } from '@imaginarium/protocol';
import type { Transaction } from '../database/database.ts';

/** Graphs whose node types are remembered. */
const MOST_GRAPHS = 5000;

/** Which node types graphs need, remembered by the graphs' hashes: a graph that is kept never changes. */
export class GraphTypes {
  readonly #known = new Map<string, readonly string[]>();

  async of({ sql }: Transaction, workspaceId: string, hash: string): Promise<readonly string[]> {
    const known = this.#known.get(hash);
    if (known) return known;
    const [row] = await sql<{ graph: string }>`
      SELECT graph FROM graph_snapshot WHERE workspace_id = ${workspaceId} AND hash = ${hash}`;
    const types = row ? nodeTypesOf(JSON.parse(row.graph) as Graph) : [];
    if (this.#known.size >= MOST_GRAPHS) this.#known.delete(this.#known.keys().next().value ?? hash);
    this.#known.set(hash, types);
    return types;
  }

  /** Hashes of the graphs that a worker is known not to be able to execute. */
  beyond(canExecute: CanExecute): string[] {
    return [...this.#known].flatMap(([hash, types]) => (canExecute(types) ? [] : [hash]));
  }
}
