import { nodeConformance } from '@imaginarium/node-sdk/testing';
import { describe, it } from 'vitest';
import entry from './index.ts';

describe.each(entry.nodes.map((node) => [node.description.type, node] as const))('%s', (_type, node) => {
  for (const check of nodeConformance(node)) it(check.name, check.run);
});
