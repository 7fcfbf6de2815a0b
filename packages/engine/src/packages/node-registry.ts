import type { ModelKit, NodeDefinition } from '@imaginarium/node-sdk';
import {
  catalogueOf,
  type JsonObject,
  type NodeCatalogue,
  type NodeDescription,
  type NodePackage,
} from '@imaginarium/protocol';
import { type UpgradableNode, upgradeNode } from './upgrade-node.ts';

/** A node type that can be executed, and the package that brought it. */
export interface RegisteredNode {
  definition: NodeDefinition;
  packageName: string;
  packageVersion: string;
  /** Counts how often the package was loaded anew before this: 0 unless it is under development. */
  revision: number;
}

/** What a package says of the models that its nodes work with. */
export interface PackageModels {
  packageName: string;
  kit: ModelKit;
}

/** Who brings node types. */
export interface PackageSource {
  name: string;
  version: string;
  /** Whether it is loaded anew when its files change. */
  development?: boolean;
  /** What it may reach, when it executes in processes of its own because nobody has to trust it. */
  confined?: { net: string[] };
}

/** The node types of this server: one place, looked up by type and version, where no name can be shadowed. */
export class NodeRegistry implements NodeCatalogue {
  #nodes = new Map<string, RegisteredNode>();
  /** The same by type and version: looked up dozens of times for each run, where even to write the key would tell. */
  #versions = new Map<string, Map<number, RegisteredNode>>();
  /** What packages under development brought before: runs that began with it end with it. */
  readonly #earlier = new Map<string, RegisteredNode>();
  #packages: readonly NodePackage[] = [];
  #catalogue: NodeCatalogue | undefined;
  #revision = 0;
  readonly #models: PackageModels[] = [];

  /** Another object whenever what is installed has changed. */
  get edition(): object {
    return this.#packages;
  }

  /**
   * Adds a package's node types.
   * @throws {Error} when a type is there already: the package is then not added at all.
   */
  add(source: PackageSource, nodes: readonly NodeDefinition[], models?: ModelKit): void {
    this.#nodes = withNodes(this.#nodes, source, nodes, 0);
    if (models) this.#models.push({ packageName: source.name, kit: models });
    this.#list([...this.#packages, loaded(source, nodes)]);
  }

  /** Lists a package that could not be loaded, with its error, beside those that were. */
  addFailure(source: PackageSource, error: string): void {
    this.#list([...this.#packages, { ...source, state: 'failed', error, types: [] }]);
  }

  /**
   * Puts what a package brings now in the place of what it brought, all at once. What it brought is still found by its revision.
   * @param name the package as it is listed; one that is not listed yet is added.
   * @returns the revision of what it brings now.
   * @throws {Error} when a type is brought by another package: everything then stays as it was.
   */
  replace(name: string, source: PackageSource, nodes: readonly NodeDefinition[]): number {
    const kept = new Map([...this.#nodes].filter(([, node]) => node.packageName !== name));
    const next = withNodes(kept, source, nodes, this.#revision + 1);
    for (const [key, node] of this.#nodes)
      if (node.packageName === name) this.#earlier.set(`${key}#${node.revision}`, node);
    this.#revision += 1;
    this.#nodes = next;
    const isListed = this.#packages.some((entry) => entry.name === name);
    const replaced = this.#packages.map((entry) => (entry.name === name ? loaded(source, nodes) : entry));
    this.#list(isListed ? replaced : [...this.#packages, loaded(source, nodes)]);
    return this.#revision;
  }

  /** Says that a package could not be loaded anew; what it brought before stays. */
  noteError(name: string, error: string): void {
    this.#list(this.#packages.map((entry) => (entry.name === name ? { ...entry, error } : entry)));
  }

  /** @param revision of a package under development, for who began with an earlier one; left out: as it is now. */
  find(type: string, version: number, revision?: number): RegisteredNode | undefined {
    const node = this.#versions.get(type)?.get(version);
    if (revision === undefined || node?.revision === revision) return node;
    return this.#earlier.get(`${keyOf(type, version)}#${revision}`);
  }

  describe(type: string, version: number): NodeDescription | undefined {
    return this.find(type, version)?.definition.description;
  }

  versionsOf(type: string): readonly NodeDescription[] {
    return this.#asCatalogue().versionsOf(type);
  }

  packageFor(type: string): string | undefined {
    return this.#asCatalogue().packageFor(type);
  }

  /** The params of a node as the newest version of its type takes them. @throws {UpgradeRefusedError} */
  upgrade(node: UpgradableNode): { version: number; params: JsonObject } {
    const versions = this.versionsOf(node.type);
    return upgradeNode(
      node,
      versions.flatMap(({ version }) => this.find(node.type, version) ?? []),
    );
  }

  list(): NodeDescription[] {
    return [...this.#nodes.values()].map((node) => node.definition.description);
  }

  /** Whether all of these node types are here, each written as `type@version`. */
  hasAll(nodeTypes: readonly string[]): boolean {
    return nodeTypes.every((key) => this.#nodes.has(key));
  }

  /** The node types that a package brings, each as `type@version`. */
  keysOf(packageName: string): string[] {
    return [...this.#nodes].flatMap(([key, node]) => (node.packageName === packageName ? [key] : []));
  }

  /** What packages say of the models that their nodes work with. */
  models(): readonly PackageModels[] {
    return this.#models;
  }

  packages(): NodePackage[] {
    return [...this.#packages];
  }

  #list(packages: readonly NodePackage[]): void {
    this.#packages = packages;
    this.#catalogue = undefined;
    const byType = Map.groupBy(this.#nodes.values(), ({ definition }) => definition.description.type);
    this.#versions = new Map(
      [...byType].map(([type, nodes]) => [
        type,
        new Map(nodes.map((node) => [node.definition.description.version, node])),
      ]),
    );
  }

  #asCatalogue(): NodeCatalogue {
    this.#catalogue ??= catalogueOf(this.list(), this.#packages);
    return this.#catalogue;
  }
}

function withNodes(
  before: ReadonlyMap<string, RegisteredNode>,
  source: PackageSource,
  nodes: readonly NodeDefinition[],
  revision: number,
): Map<string, RegisteredNode> {
  const after = new Map(before);
  for (const definition of nodes) {
    const key = keyOf(definition.description.type, definition.description.version);
    const owner = before.get(key)?.packageName;
    if (owner) throw new Error(`The node type ${key} is already brought by ${owner}.`);
    if (after.has(key)) throw new Error(`The package brings the node type ${key} twice.`);
    after.set(key, { definition, packageName: source.name, packageVersion: source.version, revision });
  }
  return after;
}

function loaded(source: PackageSource, nodes: readonly NodeDefinition[]): NodePackage {
  return { ...source, state: 'loaded', types: [...new Set(nodes.map((node) => node.description.type))] };
}

function keyOf(type: string, version: number): string {
  return `${type}@${version}`;
}
