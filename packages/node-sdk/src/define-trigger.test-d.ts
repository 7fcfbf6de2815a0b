import { expectTypeOf, test } from 'vitest';
import { defineTrigger, json, port, text } from './index.ts';

const base = { version: 1, trigger: 'webhook', title: 'T', summary: 'S', icon: 'x' } as const;

test('a trigger has the param that its cause is handed to, and its ports and params are typed', () => {
  defineTrigger({
    ...base,
    type: 'test.typed',
    outputs: { request: port.json() },
    params: { sample: json({ title: 'Example', default: {} }), name: text({ title: 'Name' }) },
    execute({ params }) {
      expectTypeOf(params.name).toEqualTypeOf<string>();
      return { request: params.sample };
    },
  });
  defineTrigger({
    ...base,
    type: 'test.without-sample',
    outputs: { request: port.json() },
    // @ts-expect-error a trigger has the param sample
    params: { name: text({ title: 'Name' }) },
    execute: () => ({ request: null }),
  });
});
