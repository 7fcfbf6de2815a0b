import { createHash } from 'node:crypto';
import { type JsonObject, stableStringify } from '@imaginarium/protocol';
import type { Row } from '../items/pair-items.ts';
import type { RegisteredNode } from '../packages/node-registry.ts';

/** A step this quick and light is executed again rather than looked up: the hash would cost more than the work. */
const WORTH_CACHING_MS = 20;

/** Whether the results of a node are kept: it must be pure, and dear enough to be worth a look-up. */
export function isCacheable(registered: RegisteredNode, policy: { cache?: boolean } | undefined): boolean {
  const { effects } = registered.definition.description;
  return effects === 'pure' && policy?.cache !== false && worthKeeping(registered);
}

/** Whether a node is dear enough for anybody to ask why it was executed again. */
export function worthKeeping({ definition }: RegisteredNode): boolean {
  const { resources, typicalMs, inputs } = definition.description;
  return resources !== undefined || (typicalMs >= WORTH_CACHING_MS && Object.keys(inputs).length > 0);
}

/**
 * The key of a step's result: a hash of all that it depends on. Ids of items are left out, for they differ from run to run; file names
 * stay in, for nodes may use them.
 */
export function cacheKey(
  { definition, packageName, packageVersion }: RegisteredNode,
  calls: readonly { row: Row; params: JsonObject }[],
  fingerprint: string,
): string {
  const { type, version } = definition.description;
  const rows = calls.map(({ row, params }) => ({
    params,
    items: Object.fromEntries(
      Object.entries(row).map(([port, { value, file, fields }]) => [port, { value, file, fields }]),
    ),
  }));
  const text = stableStringify({ type, version, packageName, packageVersion, fingerprint, rows });
  return createHash('sha256').update(text).digest('hex');
}
