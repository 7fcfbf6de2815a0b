import type { JsonObject } from '@imaginarium/node-sdk';
import { nodeConformance } from '@imaginarium/node-sdk/testing';
import { describe, it } from 'vitest';
import entry from './index.ts';
import { installFaces } from './testing/face-files.ts';

/** Params for the sample picture, which is small, where the defaults are for photos. */
const PARAMS: Record<string, JsonObject> = { 'upscaler.to-size': { target: 'custom', width: 100 } };

/** Models for nodes that do nothing without. */
const MODELS: Record<string, () => Promise<string>> = {
  'upscaler.face-restore': () => installFaces({ restorer: 'same' }),
};

describe.each(entry.nodes.map((node) => [node.description.type, node] as const))('%s', (_type, node) => {
  const { type } = node.description;
  const samples = { params: PARAMS[type] ?? {}, modelsFolder: MODELS[type] };
  for (const check of nodeConformance(node, samples)) it(check.name, check.run);
});
