import type { NodeDefinition } from '@imaginarium/node-sdk';
import type { NodeCatalogue, NodeDescription, NodePackage } from '@imaginarium/protocol';

/** A node type that can be executed, and the package that brought it. */
export interface RegisteredNode {
  definition: NodeDefinition;
  packageName: string;
  packageVersion: string;
}

/** The node types of this server: one place, looked up by type and version, where no name can be shadowed. */
export class NodeRegistry implements NodeCatalogue {
  readonly #nodes = new Map<string, RegisteredNode>();
  readonly #packages: NodePackage[] = [];

  /**
   * Adds a package's node types.
   * @throws {Error} when a type is there already: the package is then not added at all.
   */
  add(source: { name: string; version: string }, nodes: readonly NodeDefinition[]): void {
    const keys = nodes.map((node) => keyOf(node.description.type, node.description.version));
    for (const [index, key] of keys.entries()) {
      const owner = this.#nodes.get(key)?.packageName;
      if (owner) throw new Error(`The node type ${key} is already brought by ${owner}.`);
      if (keys.indexOf(key) !== index) throw new Error(`The package brings the node type ${key} twice.`);
    }
    for (const [index, definition] of nodes.entries()) {
      const node = { definition, packageName: source.name, packageVersion: source.version };
      this.#nodes.set(keys[index] as string, node);
    }
    const types = nodes.map((node) => node.description.type);
    this.#packages.push({ ...source, state: 'loaded', types });
  }

  /** Lists a package that could not be loaded, with its error, beside those that were. */
  addFailure(source: { name: string; version: string }, error: string): void {
    this.#packages.push({ ...source, state: 'failed', error, types: [] });
  }

  find(type: string, version: number): RegisteredNode | undefined {
    return this.#nodes.get(keyOf(type, version));
  }

  describe(type: string, version: number): NodeDescription | undefined {
    return this.find(type, version)?.definition.description;
  }

  list(): NodeDescription[] {
    return [...this.#nodes.values()].map((node) => node.definition.description);
  }

  packages(): NodePackage[] {
    return [...this.#packages];
  }
}

function keyOf(type: string, version: number): string {
  return `${type}@${version}`;
}
