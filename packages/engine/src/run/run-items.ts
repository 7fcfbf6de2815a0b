import type { Graph, Item, JsonObject, PortItems } from '@imaginarium/protocol';
import type { PlannedNode } from './plan.ts';

/** The items of a run: what each settled node gave, and where it is wired to. */
export class RunItems {
  readonly #graph: Graph;
  readonly #outputs = new Map<string, PortItems>();
  readonly #byId = new Map<string, Item>();
  #byName: JsonObject | undefined;

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  keep(node: string, outputs: PortItems): void {
    this.#outputs.set(node, outputs);
    this.#byName = undefined;
    for (const items of Object.values(outputs)) for (const item of items) this.#byId.set(item.id, item);
  }

  find(id: string): Item | undefined {
    return this.#byId.get(id);
  }

  /** What reached a node, by input port. */
  gather({ wires }: PlannedNode): Record<string, Item[]> {
    const inputs: Record<string, Item[]> = {};
    for (const [port, edges] of wires) {
      const [first, ...others] = edges.map((edge) => this.#outputs.get(edge.from.node)?.[edge.from.port] ?? []);
      inputs[port] = others.length === 0 ? (first ?? []) : [first ?? [], ...others].flat();
    }
    return inputs;
  }

  /** Items of the first output of each settled node. Of several nodes with one name the first in the graph is meant. */
  byName(): JsonObject {
    this.#byName ??= Object.fromEntries(
      this.#graph.nodes.toReversed().flatMap(({ id, name }) => {
        const ports = this.#outputs.get(id);
        return ports ? [[name, { items: Object.values(ports)[0] ?? [] }]] : [];
      }),
    );
    return this.#byName;
  }
}
