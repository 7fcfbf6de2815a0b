import { testNode } from '@imaginarium/node-sdk/testing';
import { describe, expect, it } from 'vitest';
import { text } from './text.ts';

describe('input.text', () => {
  it('makes one text for each item, from its fields and the variables', async () => {
    const { outputs } = await testNode(text)
      .params({ text: 'A photo of {product}, {style}', variables: { style: 'soft light' } })
      .items([
        { input: { item: 1 }, fields: { product: 'Mug' } },
        { input: { item: 2 }, fields: { product: 'Hat' } },
      ])
      .run();
    expect(outputs.text).toEqual([
      { value: 'A photo of Mug, soft light', fields: { product: 'Mug' } },
      { value: 'A photo of Hat, soft light', fields: { product: 'Hat' } },
    ]);
  });

  it('warns of a name that nothing is known by', async () => {
    const { outputs, logs } = await testNode(text).params({ text: 'Hi {nobody}' }).run();
    expect(outputs.text?.[0]?.value).toBe('Hi {nobody}');
    expect(logs[0]?.message).toBe('No variable or field is called nobody: left as written.');
  });
});
