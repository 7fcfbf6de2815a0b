import type { JsonObject } from '@imaginarium/node-sdk';
import { nodeConformance } from '@imaginarium/node-sdk/testing';
import { describe, it } from 'vitest';
import entry from './index.ts';

/** Params for the sample picture, which is small, where the defaults are for photos. */
const PARAMS: Record<string, JsonObject> = { 'upscaler.to-size': { target: 'custom', width: 100 } };

describe.each(entry.nodes.map((node) => [node.description.type, node] as const))('%s', (_type, node) => {
  for (const check of nodeConformance(node, { params: PARAMS[node.description.type] ?? {} })) it(check.name, check.run);
});
