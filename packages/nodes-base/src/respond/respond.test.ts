import { testNode } from '@imaginarium/node-sdk/testing';
import { describe, expect, it } from 'vitest';
import { respond } from './respond.ts';

describe('flow.respond', () => {
  it('answers with a body of its own', async () => {
    const { outputs } = await testNode(respond)
      .params({ status: 404, contentType: 'text/plain', body: 'No such mug.' })
      .items([{ input: { item: 'mug' } }])
      .run();
    expect(outputs.answer?.[0]?.value).toEqual({ status: 404, contentType: 'text/plain', body: 'No such mug.' });
  });

  it('answers with the item where it has none', async () => {
    const { outputs } = await testNode(respond)
      .items([{ input: { item: 'mug' }, fields: { price: 12 } }])
      .run();
    const body = JSON.stringify({ price: 12, value: 'mug' });
    expect(outputs.answer?.[0]?.value).toEqual({ status: 200, contentType: 'application/json', body });
  });
});
