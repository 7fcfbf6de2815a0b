import { nodeConformance } from '@imaginarium/node-sdk/testing';
import { describe, it } from 'vitest';
import entry from './index.ts';

const samples: Record<string, Parameters<typeof nodeConformance>[1]> = {
  'code.javascript': { params: { code: 'return { ...item, twice: item.index * 2 }' } },
  'flow.sort': { params: { by: 'name' } },
  'flow.aggregate': { params: { operation: 'list', field: 'name', groupBy: 'name' } },
  'flow.run-workflow': { params: { workflow: '018f2f65-7a3b-7c4d-8e5f-0123456789ac@1' } },
  'flow.stop': { params: { message: 'Too large.', when: 'if', operator: 'equals', other: 'large' } },
  'http.request': { params: { url: 'https://api.example.com/things' } },
  'input.dataset': { params: { source: 'text', text: 'name,price\nBlue mug,12\nRed mug,13' } },
  'storage.folder': {
    params: { path: 'sample/{{ item.file.name }}', whenTaken: 'replace' },
    items: async (files) => [
      { input: { file: await files.write(new TextEncoder().encode('hello'), { name: 'hello.txt' }) } },
    ],
  },
};

describe.each(entry.nodes.map((node) => [node.description.type, node] as const))('%s', (type, node) => {
  for (const check of nodeConformance(node, samples[type])) it(check.name, check.run);
});
