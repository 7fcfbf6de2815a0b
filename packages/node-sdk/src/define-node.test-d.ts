import type { FileRef } from '@imaginarium/protocol';
import { expectTypeOf, test } from 'vitest';
import { defineNode } from './define-node.ts';
import { asset, choice, number, slider, toggle } from './param.ts';
import { port } from './port.ts';

const base = { version: 1, title: 'Test', summary: 'Test.', group: 'processing', icon: 'x', effects: 'pure' } as const;

test('infers ports and params', () => {
  defineNode({
    ...base,
    type: 'test.each',
    inputs: { image: port.image(), mask: port.image({ optional: true }), caption: port.list(port.text()) },
    outputs: { image: port.image(), count: port.number() },
    params: {
      strength: slider({ title: 'Strength', min: 0, max: 1, default: 0.5 }),
      tone: choice({ title: 'Tone', options: ['warm', 'cold'], default: 'warm' }),
      deep: toggle({ title: 'Deep' }),
      pictures: asset({ title: 'Pictures', accept: ['image'], multiple: true }),
      logo: asset({ title: 'Logo', accept: ['image'] }),
    },
    credits: ({ params }) => (params.tone === 'warm' ? 1 : 2),
    execute({ input, params, fields }) {
      expectTypeOf(input.image).toEqualTypeOf<FileRef>();
      expectTypeOf(input.mask).toEqualTypeOf<FileRef | undefined>();
      expectTypeOf(input.caption).toEqualTypeOf<string[]>();
      expectTypeOf(params.strength).toEqualTypeOf<number>();
      expectTypeOf(params.tone).toEqualTypeOf<'warm' | 'cold'>();
      expectTypeOf(params.deep).toEqualTypeOf<boolean>();
      expectTypeOf(params.pictures).toEqualTypeOf<FileRef[]>();
      expectTypeOf(params.logo).toEqualTypeOf<FileRef | null>();
      return { image: input.image, count: 1, fields };
    },
  });
});

test('infers lists of values in mode all', () => {
  defineNode({
    ...base,
    type: 'test.all',
    mode: 'all',
    inputs: { image: port.image() },
    outputs: { image: port.image() },
    execute({ input, items }) {
      expectTypeOf(input.image).toEqualTypeOf<FileRef[]>();
      expectTypeOf(items.image[0]?.value).toEqualTypeOf<FileRef | undefined>();
      return { image: input.image[0] };
    },
  });
});

test('refuses ports and params that are not there', () => {
  defineNode({
    ...base,
    type: 'test.wrong',
    inputs: { image: port.image() },
    outputs: { image: port.image() },
    params: { scale: number({ title: 'Scale', default: 2 }) },
    // @ts-expect-error the output port is called image
    execute({ input }) {
      return { picture: input.image };
    },
  });
  defineNode({
    ...base,
    type: 'test.wrong-value',
    inputs: { text: port.text() },
    outputs: { text: port.text() },
    // @ts-expect-error the port gives text, not a number
    execute({ input }) {
      return { text: input.text.length };
    },
  });
  defineNode({
    ...base,
    type: 'test.wrong-param',
    inputs: { image: port.image() },
    outputs: { image: port.image() },
    params: { scale: number({ title: 'Scale', default: 2 }) },
    execute({ input, params }) {
      // @ts-expect-error the param is called scale
      params.factor;
      // @ts-expect-error the port is called image
      input.picture;
      return { image: input.image };
    },
  });
  // @ts-expect-error the default is one of the options
  choice({ title: 'Tone', options: ['warm', 'cold'], default: 'hot' });
});
