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
  /** The same by the trigger itself, which is at hand for as long as it is busy. */
  #byTrigger = new WeakMap<TriggerPlace, TriggerGraph>();
  #edition: object | undefined;

  constructor(openWorkspace: OpenWorkspace, catalogue: NodeCatalogue) {
    this.#openWorkspace = openWorkspace;
    this.#catalogue = catalogue;
  }

  /** The graph of a trigger that was just found; undefined when its workflow or version is gone. A promise, unless it is held. */
  of(trigger: TriggerPlace): Promise<TriggerGraph | undefined> | TriggerGraph {
    if (this.#edition !== this.#catalogue.edition) {
      // Which nodes are triggers may have changed with the packages.
      this.#held.clear();
      this.#byTrigger = new WeakMap();
      this.#edition = this.#catalogue.edition;
    }
    return this.#byTrigger.get(trigger) ?? this.#find(trigger);
  }

  async #find(trigger: TriggerPlace): Promise<TriggerGraph | undefined> {
    const { workspaceId, workflowId, version, node } = trigger;
    if (version === null) {
      const workflow = await this.#openWorkspace(workspaceId).workflows.get(workflowId);
      return workflow && bindTrigger(workflow.draft, node, this.#catalogue);
    }
    const edition = this.#edition;
    const place = `${workspaceId}/${workflowId}/${version}/${node}`;
    const held = this.#held.get(place);
    const read = held ? undefined : await this.#openWorkspace(workspaceId).workflows.getVersion(workflowId, version);
    const bound = held ?? (read && bindTrigger(read.graph, node, this.#catalogue));
    // What was read while packages changed may be out of date already.
    if (!bound || edition === undefined || edition !== this.#catalogue.edition) return bound;
    this.#held.set(place, bound);
    this.#byTrigger.set(trigger, bound);
    return bound;
  }
}
