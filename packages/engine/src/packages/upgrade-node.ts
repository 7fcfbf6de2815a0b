import {
  findUnsafeJson,
  type GraphNode,
  type JsonObject,
  type NodeDescription,
  upgradePath,
} from '@imaginarium/protocol';
import type { RegisteredNode } from './node-registry.ts';

/** What of a node its upgrade depends on. */
export type UpgradableNode = Pick<GraphNode, 'type' | 'version' | 'params'>;

/** A node cannot be brought to a newer version; the message says why. */
export class UpgradeRefusedError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UpgradeRefusedError';
  }
}

/**
 * The params of a node as the newest version that can be reached takes them. The node itself is left as it is.
 * @param versions the installed versions of its type.
 * @throws {UpgradeRefusedError} when there is no way on from its version, or the package's own upgrade fails.
 */
export function upgradeNode(
  { type, version, params }: UpgradableNode,
  versions: readonly RegisteredNode[],
): { version: number; params: JsonObject } {
  const path = upgradePath(
    versions.map(({ definition }) => definition.description),
    version,
  );
  if (path.length === 0)
    throw new UpgradeRefusedError(`${type} has no newer version that takes over version ${version}.`);
  const byVersion = new Map(versions.map((node) => [node.definition.description.version, node]));
  let upgraded = { version, params };
  for (const target of path) {
    const registered = byVersion.get(target) as RegisteredNode; // The path goes over installed versions only.
    upgraded = { version: target, params: upgradeOnce(registered, upgraded) };
  }
  return upgraded;
}

function upgradeOnce(
  { definition, packageName }: RegisteredNode,
  { version, params }: { version: number; params: JsonObject },
): JsonObject {
  const { description, upgrade } = definition;
  const refuse = (why: string, cause?: unknown) =>
    new UpgradeRefusedError(
      `The upgrade of ${description.type} from version ${version} to ${description.version} ${why}. This is a mistake in the package ${packageName}.`,
      { cause },
    );
  let given: unknown;
  try {
    given = upgrade[version]?.(structuredClone(params));
  } catch (error) {
    throw refuse(`failed: ${error instanceof Error ? error.message : String(error)}`, error);
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given) || findUnsafeJson(given))
    throw refuse('gave no params: expected an object of JSON values');
  const unknown = unknownParam(given as JsonObject, description);
  if (unknown !== undefined)
    throw refuse(`gave the param "${unknown}", which version ${description.version} does not have`);
  return given as JsonObject; // Checked above.
}

function unknownParam(params: JsonObject, { params: specs }: NodeDescription): string | undefined {
  return Object.keys(params).find((key) => !Object.hasOwn(specs, key));
}
