import type { GraphNode } from './graph.ts';
import { type NodeCatalogue, namespaceOf } from './node-description.ts';
import type { Problem } from './problem.ts';
import { upgradePath } from './upgrade-path.ts';

/** Says that a node's type, or its version of it, is not installed here, and what to do about it. */
export function missingTypeProblem({ id, name, type, version }: GraphNode, catalogue: NodeCatalogue): Problem {
  return {
    code: 'unknown-node-type',
    severity: 'blocked',
    node: id,
    message: `${name} needs the node type ${type} (version ${version}), which is not installed.`,
    remedy: remedyFor(type, version, catalogue),
  };
}

function remedyFor(type: string, version: number, catalogue: NodeCatalogue): string {
  const versions = catalogue.versionsOf(type);
  const owner = catalogue.packageFor(type);
  const [newest] = versions;
  if (!newest) {
    if (owner === undefined) return `Install the package that brings ${namespaceOf(type)} nodes, or remove the node.`;
    return `Update ${owner}, which brings other ${namespaceOf(type)} nodes, or remove the node.`;
  }
  const target = upgradePath(versions, version).at(-1);
  if (target !== undefined) return `Upgrade the node to version ${target}, which is installed.`;
  const source = owner ?? 'its package';
  const installed = versions.map((entry) => entry.version).join(' and ');
  if (version > newest.version)
    return `Update ${source}: what is installed brings version ${installed}. Or remove the node.`;
  return `Install a version of ${source} that brings version ${version} beside ${installed}, or put a new node in its place.`;
}
