import { NonRetryableError } from '@imaginarium/node-sdk';
import { testNode } from '@imaginarium/node-sdk/testing';
import { describe, expect, it } from 'vitest';
import { stop } from './stop.ts';

const run = (params: { when?: 'always' | 'if'; value?: string; other?: string }) =>
  testNode(stop)
    .params({ message: 'The mug has no price.', ...params })
    .items([{ input: { item: 'mug' }, fields: { a: 1 } }])
    .run();

describe('flow.stop', () => {
  it('fails with the message, and asks for no other try', async () => {
    await expect(run({})).rejects.toThrow(new NonRetryableError('The mug has no price.'));
    await expect(run({ when: 'if', value: 'x', other: 'x' })).rejects.toBeInstanceOf(NonRetryableError);
  });

  it('lets through an item for which the condition does not hold', async () => {
    expect((await run({ when: 'if', value: 'x', other: 'y' })).outputs.item).toEqual([
      { value: 'mug', fields: { a: 1 } },
    ]);
  });
});
