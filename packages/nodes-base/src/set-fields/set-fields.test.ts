import { testNode } from '@imaginarium/node-sdk/testing';
import { describe, expect, it } from 'vitest';
import { setFields } from './set-fields.ts';

const run = (params: { fields?: Record<string, string>; keep?: boolean; remove?: string[] }) =>
  testNode(setFields)
    .params(params)
    .items([{ input: { item: 'mug' }, fields: { a: 1, b: 2 } }])
    .run();

describe('flow.set-fields', () => {
  it('sets, keeps and removes fields, and passes the value on', async () => {
    const { outputs } = await run({ fields: { b: 'new', c: 'more' }, remove: ['a'] });
    expect(outputs.item).toEqual([{ value: 'mug', fields: { b: 'new', c: 'more' } }]);
  });

  it('drops all others when it should not keep them', async () => {
    expect((await run({ fields: { c: 'only' }, keep: false })).outputs.item?.[0]?.fields).toEqual({ c: 'only' });
  });

  it('refuses names that would reach a prototype, and empty ones', async () => {
    const fields = JSON.parse('{"__proto__":"x"}') as Record<string, string>;
    await expect(run({ fields })).rejects.toThrow(
      'fields: "__proto__" is a reserved name. Give the field another name.',
    );
    await expect(run({ fields: { '': 'x' } })).rejects.toThrow('fields: a name is empty.');
  });
});
