import type { PriceRule } from '@imaginarium/protocol';
import { describe, expect, it } from 'vitest';
import { listPrice } from './list-price.ts';

const upscale = { type: 'upscaler.to-size', credits: 0, mode: 'each' } as const;
const rule: PriceRule = {
  ...{ type: upscale.type, credits: 75, per: 'item' },
  choices: { param: 'target', credits: { '2k': 15, '4k': 35 } },
};

describe('the price of a node type', () => {
  it('is what the server asks for, whatever the package says of itself', () => {
    expect(listPrice({ ...upscale, credits: 3 }, [{ ...rule, choices: undefined }])).toEqual({
      ...{ credits: 75, orMore: false, each: true },
    });
  });

  it('is the least where something has to be chosen first, and exact once it is', () => {
    expect(listPrice(upscale, [rule])).toEqual({ credits: 15, orMore: true, each: true });
    expect(listPrice(upscale, [rule], { target: '4k' })).toEqual({ credits: 35, orMore: false, each: true });
    expect(listPrice(upscale, [rule], { target: '{{ item.size }}' })?.credits).toBe(75);
  });

  it('is that of its package where the server has none, and nobody knows it where a formula decides', () => {
    expect(listPrice({ ...upscale, credits: 3, mode: 'all' }, [])).toEqual({ credits: 3, orMore: false, each: false });
    expect(listPrice({ ...upscale, credits: 'formula' }, [])).toBeUndefined();
  });
});
