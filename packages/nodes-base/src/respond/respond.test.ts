import { nodeConformance, testNode } from '@imaginarium/node-sdk/testing';
import { describe, expect, it } from 'vitest';
import { respond, respondToEach } from './respond.ts';

const items = [
  { input: { item: 'mug' }, fields: { price: 12 } },
  { input: { item: 'cup' }, fields: { price: 8 } },
];
const asJson = (body: object) => ({ status: 200, contentType: 'application/json', body: JSON.stringify(body) });

describe('flow.respond', () => {
  it('answers with a body of its own', async () => {
    const { outputs } = await testNode(respond)
      .params({ status: 404, contentType: 'text/plain', body: 'No such mug.' })
      .items(items)
      .run();
    const value = { status: 404, contentType: 'text/plain', body: 'No such mug.' };
    expect(outputs.answer).toEqual([{ value, fields: { price: 12 } }]);
  });

  it('answers once with the first item where it has none, whose fields go on', async () => {
    const { outputs } = await testNode(respond).items(items).run();
    expect(outputs.answer).toEqual([{ value: asJson({ price: 12, value: 'mug' }), fields: { price: 12 } }]);
  });

  it('gives as many answers as there are items where it is of version 1', async () => {
    const { outputs } = await testNode(respondToEach).items(items).run();
    expect(outputs.answer?.map(({ value }) => value)).toEqual([
      asJson({ price: 12, value: 'mug' }),
      asJson({ price: 8, value: 'cup' }),
    ]);
  });

  for (const check of nodeConformance(respond, { earlier: [respondToEach] })) it(check.name, check.run);
});
