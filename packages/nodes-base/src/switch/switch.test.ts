import type { JsonObject, NodeDefinition } from '@imaginarium/node-sdk';
import { testNode } from '@imaginarium/node-sdk/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { switchNode } from './switch.ts';

const node: NodeDefinition = switchNode;
const taken = async (params: JsonObject) => {
  const { outputs } = await testNode(node)
    .params(params)
    .items([{ input: { item: 1 } }])
    .run();
  return Object.keys(outputs).filter((port) => outputs[port]?.length);
};

describe('flow.switch', () => {
  it('takes the first case that fits', async () => {
    expect(await taken({ value: '2500', operator: 'at-least', a: '4000', b: '2000', c: '1000' })).toEqual(['b']);
    expect(await taken({ value: 'Mugs', a: 'hats', f: 'mugs' })).toEqual(['f']);
  });

  it('sends the rest to Other, and tries no empty case', async () => {
    expect(await taken({ value: 'bags', a: 'hats' })).toEqual(['other']);
    expect(await taken({ value: '' })).toEqual(['other']);
  });

  it('lets every item leave exactly once', async () => {
    const text = fc.constantFrom('', 'x', 'y', '1');
    await fc.assert(
      fc.asyncProperty(text, text, text, async (value, a, b) => {
        expect(await taken({ value, a, b })).toHaveLength(1);
      }),
      { numRuns: 40 },
    );
  });
});
