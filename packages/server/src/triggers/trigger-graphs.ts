import type { Graph, NodeCatalogue } from '@imaginarium/protocol';
import { LRUCache } from 'lru-cache';
import type { OpenWorkspace } from '../workspace-stores.ts';
import { bindTrigger } from './bind-trigger.ts';
import type { StoredTrigger } from './trigger-store.ts';

/** A graph as a trigger starts it, and the name of the input that takes what the trigger brings. */
export interface TriggerGraph {
  graph: Graph;
  key: string;
}

/** Where a trigger stands. */
type TriggerPlace = Pick<StoredTrigger, 'workspaceId' | 'workflowId' | 'version' | 'node'>;

/** Nodes of all graphs that are held on to: enough for hundreds of workflows, and some tens of megabytes at most. */
const HELD_NODES = 20_000;

/**
 * The graphs that triggers start. A version never changes, so its graph is read and prepared once and held on to: what is found out about
 * a graph later, its problems or its plan, is found out once as well.
 */
export class TriggerGraphs {
  readonly #openWorkspace: OpenWorkspace;
  readonly #catalogue: NodeCatalogue;
  readonly #held = new LRUCache<string, TriggerGraph>({
    maxSize: HELD_NODES,
    sizeCalculation: ({ graph }) => graph.nodes.length + 1,
  });
  #edition: object | undefined;

  constructor(openWorkspace: OpenWorkspace, catalogue: NodeCatalogue) {
    this.#openWorkspace = openWorkspace;
    this.#catalogue = catalogue;
  }

  /** The graph of a trigger that was just found; undefined when its workflow or version is gone. */
  async of({ workspaceId, workflowId, version, node }: TriggerPlace): Promise<TriggerGraph | undefined> {
    if (version === null) {
      const workflow = await this.#openWorkspace(workspaceId).workflows.get(workflowId);
      return workflow && bindTrigger(workflow.draft, node, this.#catalogue);
    }
    // Which nodes are triggers may have changed with the packages.
    if (this.#edition !== this.#catalogue.edition) this.#held.clear();
    this.#edition = this.#catalogue.edition;
    const place = `${workspaceId}/${workflowId}/${version}/${node}`;
    const held = this.#held.get(place);
    if (held) return held;
    const read = await this.#openWorkspace(workspaceId).workflows.getVersion(workflowId, version);
    const bound = read && bindTrigger(read.graph, node, this.#catalogue);
    if (bound && this.#edition !== undefined) this.#held.set(place, bound);
    return bound;
  }
}
