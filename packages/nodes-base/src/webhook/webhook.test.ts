import { testNode } from '@imaginarium/node-sdk/testing';
import { describe, expect, it } from 'vitest';
import { webhook } from './webhook.ts';

const run = (sample: object) =>
  testNode(webhook)
    .params({ sample: sample as never })
    .run();

describe('trigger.webhook', () => {
  it('gives one item with the request, and the entries of its body as fields', async () => {
    const request = { method: 'POST', query: { a: '1' }, headers: {}, body: { product: 'Blue mug', tags: ['new'] } };
    expect((await run(request)).outputs.request).toEqual([{ value: request, fields: request.body }]);
  });

  it('gives a body that is a list or a text without fields', async () => {
    for (const body of [[1, 2], 'words', null])
      expect((await run({ body })).outputs.request).toEqual([{ value: { body }, fields: {} }]);
  });
});
