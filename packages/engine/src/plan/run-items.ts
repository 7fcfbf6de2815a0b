import type { Graph, GraphEdge, Item, JsonObject, PortItems } from '@imaginarium/protocol';
import type { PlannedNode } from './plan.ts';

/** The nodes that each node is wired to. */
export type Readers = ReadonlyMap<string, readonly string[]>;

/** Items of a node from which on they are let go of early. */
const LONG = 1000;

/**
 * The items of one level of a run: what each settled node gave, and where it is wired to. Where nothing in the graph looks back, long lists
 * are let go of once all nodes that they are wired to have settled.
 */
export class RunItems {
  readonly #graph: Graph;
  readonly #outputs = new Map<string, PortItems>();
  readonly #byId = new Map<string, Item>();
  /** What was kept since an item was last looked for: hardly any run looks for one. */
  #unlisted: PortItems[] = [];
  #byName: JsonObject | undefined;
  /** Nodes whose items are let go of as soon as may be. */
  readonly #long = new Set<string>();
  readonly #around: RunItems | undefined;
  readonly #readers: Readers | undefined;

  /**
   * @param around the items around a loop, when this is one of its iterations: they can be found and named, and are not gathered.
   * @param readers given where nobody asks for items by id or by their node's name.
   */
  constructor(graph: Graph, { around, readers }: { around?: RunItems; readers?: Readers | undefined } = {}) {
    this.#graph = graph;
    this.#around = around;
    this.#readers = readers;
  }

  keep(node: string, outputs: PortItems): void {
    this.#outputs.set(node, outputs);
    if (this.#readers) {
      this.#letGo(this.#readers, node, outputs);
    } else {
      this.#byName = undefined;
      this.#unlisted.push(outputs);
    }
  }

  /** @param node the one that has just settled. */
  #letGo(readers: Readers, node: string, outputs: PortItems): void {
    for (const port in outputs) if ((outputs[port]?.length ?? 0) > LONG) this.#long.add(node);
    for (const source of this.#long) {
      if (!readers.get(source)?.every((reader) => this.#outputs.has(reader))) continue;
      this.#outputs.set(source, {});
      this.#long.delete(source);
    }
  }

  find(id: string): Item | undefined {
    for (const outputs of this.#unlisted)
      for (const items of Object.values(outputs)) for (const item of items) this.#byId.set(item.id, item);
    this.#unlisted = [];
    return this.#byId.get(id) ?? this.#around?.find(id);
  }

  /** What reached a node, by input port. */
  gather({ wires }: PlannedNode): Record<string, Item[]> {
    const inputs: Record<string, Item[]> = {};
    for (const [port, edges] of wires) inputs[port] = this.collect(edges);
    return inputs;
  }

  /** What left by some wires, in their order. */
  collect(edges: readonly GraphEdge[]): Item[] {
    const [only] = edges;
    return only && edges.length === 1 ? this.#leftBy(only) : edges.flatMap((edge) => this.#leftBy(edge));
  }

  #leftBy({ from }: GraphEdge): Item[] {
    return this.#outputs.get(from.node)?.[from.port] ?? [];
  }

  /** Items of the first output of each settled node. Of several nodes with one name the first in the graph is meant. */
  byName(): JsonObject {
    this.#byName ??= {
      ...this.#around?.byName(),
      ...this.#ownByName(),
    };
    return this.#byName;
  }

  #ownByName(): JsonObject {
    return Object.fromEntries(
      this.#graph.nodes.toReversed().flatMap(({ id, name }) => {
        const ports = this.#outputs.get(id);
        return ports ? [[name, { items: Object.values(ports)[0] ?? [] }]] : [];
      }),
    );
  }
}
