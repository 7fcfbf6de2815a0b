import { createHash } from 'node:crypto';
import { type Item, type JsonObject, stableStringify } from '@imaginarium/protocol';
import type { RegisteredNode } from '../packages/node-registry.ts';
import type { StepTrace } from '../ports/step-cache.ts';

/** Notes what a step depends on, part by part, so that a later one can say which of them changed. */
export function traceStep(
  { definition, packageName, packageVersion }: RegisteredNode,
  {
    key,
    calls,
    inputs,
    fingerprint,
  }: {
    key: string;
    calls: readonly { params: JsonObject }[];
    inputs: Record<string, Item[]>;
    fingerprint: string;
  },
): StepTrace {
  const { type, version, params } = definition.description;
  // Rows without expressions share their params: hashed once.
  const sets = [...new Set(calls.map((call) => call.params))];
  return {
    ...{ key, type: `${type}@${version}`, package: `${packageName} ${packageVersion}` },
    params: Object.fromEntries(Object.keys(params).map((name) => [name, hashOf(sets.map((set) => set[name]))])),
    inputs: Object.fromEntries(
      Object.entries(inputs).map(([port, items]) => [
        port,
        { items: items.length, hash: hashOf(items.map(({ value, file, fields }) => ({ value, file, fields }))) },
      ]),
    ),
    fingerprint: hashOf(fingerprint),
  };
}

/** Enough to tell two values of one node apart. */
function hashOf(value: unknown): string {
  return createHash('sha256').update(stableStringify(value)).digest('hex').slice(0, 16);
}
