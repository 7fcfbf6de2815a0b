import {
  type Graph,
  type GraphEdge,
  type GraphInput,
  type GraphNode,
  type Json,
  type JsonObject,
  type NodeCatalogue,
  outputPorts,
  upgradePath,
  validateWires,
} from '@imaginarium/protocol';

/** A node as a newer version of its type takes it. */
export interface NodeUpgrade {
  id: string;
  version: number;
  params: JsonObject;
}

/** A graph after upgrades, and what of it could not be kept. */
export interface Upgraded {
  graph: Graph;
  /** Wires that fit no port any more. */
  lostEdges: GraphEdge[];
  /** Run inputs that fill nothing any more. */
  lostInputs: GraphInput[];
}

/** The newest version that a node can be brought to; undefined when it has it already, or there is no way on from its version. */
export function newerVersion({ type, version }: GraphNode, catalogue: NodeCatalogue): number | undefined {
  return upgradePath(catalogue.versionsOf(type), version).at(-1);
}

/** Brings nodes to newer versions of their types. Wires to ports that are gone are removed, and so are run inputs that filled params that are gone. */
export function applyUpgrades(graph: Graph, upgrades: readonly NodeUpgrade[], catalogue: NodeCatalogue): Upgraded {
  const byId = new Map(upgrades.map((upgrade) => [upgrade.id, upgrade]));
  const nodes = graph.nodes.map((node) => {
    const upgrade = byId.get(node.id);
    return upgrade ? upgradeOf(node, upgrade, catalogue) : node;
  });
  const upgraded = { ...graph, nodes };
  const broken = new Set(
    validateWires(upgraded, new Map(nodes.map((node) => [node.id, node])), catalogue).map(({ edge }) => edge),
  );
  const lostEdges = graph.edges.filter(
    ({ id, from, to }) => broken.has(id) && (byId.has(from.node) || byId.has(to.node)),
  );
  const bindings = graph.inputs.map((input) => ({
    ...input,
    to: input.to.filter(({ node, param }) => {
      const upgrade = byId.get(node);
      const type = nodes.find(({ id }) => id === node)?.type;
      const specs = upgrade && type !== undefined && catalogue.describe(type, upgrade.version)?.params;
      return !specs || Object.hasOwn(specs, param);
    }),
  }));
  return {
    graph: {
      ...upgraded,
      edges: lostEdges.length === 0 ? graph.edges : graph.edges.filter((edge) => !lostEdges.includes(edge)),
      inputs: bindings.filter(({ to }) => to.length > 0),
    },
    lostEdges,
    lostInputs: graph.inputs.filter((_input, at) => bindings[at]?.to.length === 0),
  };
}

function upgradeOf(node: GraphNode, { version, params }: NodeUpgrade, catalogue: NodeCatalogue): GraphNode {
  const { pinned, ...rest } = node;
  const description = catalogue.describe(node.type, version);
  const upgraded = { ...rest, version, params };
  if (!pinned || !description) return upgraded;
  const ports = outputPorts(upgraded, description);
  const kept = Object.fromEntries(Object.entries(pinned).filter(([port]) => Object.hasOwn(ports, port)));
  return Object.keys(kept).length === 0 ? upgraded : { ...upgraded, pinned: kept };
}

/** One param before and after; undefined where it was not stored, or is not any more. */
export interface ParamChange {
  key: string;
  before: Json | undefined;
  after: Json | undefined;
}

/** What an upgrade changed in the stored params, in the order they were stored. */
export function paramChanges(before: JsonObject, after: JsonObject): ParamChange[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys]
    .map((key) => ({ key, before: before[key], after: after[key] }))
    .filter((change) => JSON.stringify(change.before) !== JSON.stringify(change.after));
}
