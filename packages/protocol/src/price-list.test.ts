import fc from 'fast-check';
import { expect, test } from 'vitest';
import { creditAmountSchema, creditsOwed, roundCredits } from './credits.ts';
import {
  fullPriceByRule,
  mostByRule,
  type PriceList,
  type PriceRule,
  priceByRule,
  pricesSchema,
  termsFor,
} from './price-list.ts';

const standard: PriceRule = {
  ...{ type: 'upscaler.standard', credits: 15, per: 'item' },
  batch: { from: 5, percentOff: 20 },
};
const billboard: PriceRule = {
  ...{ type: 'upscaler.billboard', credits: 75, per: 'item' },
  batch: { from: 2, percentOff: 15 },
};
const list: PriceList = {
  version: 3,
  rules: [standard, billboard],
  bundles: [
    { id: 'both', title: 'Standard and billboard', types: ['upscaler.standard', 'upscaler.billboard'], off: 5 },
  ],
  currency: { code: 'IDR', perCredit: 100 },
};

test.each([
  ['four standard images', standard, 4, 60],
  ['five standard images, 20% off', standard, 5, 60],
  ['one billboard', billboard, 1, 75],
  ['two billboards, 15% off, 127.5 rounded half up', billboard, 2, 128],
  ['three billboards, 63.75 each', billboard, 3, 191],
  ['a carousel of six slides', { type: 'carousel.slides', credits: 25, per: 'step' } as const, 6, 25],
  ['a carousel of nothing', { type: 'carousel.slides', credits: 25, per: 'step' } as const, 0, 0],
])('%s cost what the price list says', (_what, rule, items, credits) => {
  expect(roundCredits(priceByRule(rule, items, {}))).toBe(credits);
});

test('a rule may ask another price for some values of a param, batch discount and all', () => {
  const toSize: PriceRule = {
    ...{ type: 'upscaler.to-size', credits: 75, per: 'item', batch: { from: 5, percentOff: 20 } },
    choices: { param: 'target', credits: { '2k': 15, '4k': 35 } },
  };
  const price = (items: number, params: object) => priceByRule(toSize, items, params as never) / 100;
  expect(price(1, { target: '2k' })).toBe(15);
  expect(price(5, { target: '4k' })).toBe(140);
  expect(fullPriceByRule(toSize, 5, { target: '4k' }) / 100).toBe(175);
  expect([price(1, { target: 'custom' }), price(1, {}), price(1, { target: 'toString' })]).toEqual([75, 75, 75]);
  expect([mostByRule(toSize), mostByRule(standard)]).toEqual([75, 15]);
});

test('a discount is used up by the first steps, and never gives credits away', () => {
  expect([0, 1000, 4500, 7000].map((spent) => creditsOwed(spent, 500))).toEqual([0, 5, 40, 65]);
  expect(creditsOwed(300, 500)).toBe(0);
});

test('whatever the steps and their order, what they owe one after the other adds up to the rounded total', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 1_000_000 }), { maxLength: 20 }),
      fc.nat(2000),
      (prices, discount) => {
        let [spent, charged] = [0, 0];
        for (const price of prices) {
          const before = creditsOwed(spent, discount);
          spent += price;
          const step = creditsOwed(spent, discount) - before;
          expect(step).toBeGreaterThanOrEqual(0);
          charged += step;
        }
        expect(charged).toBe(roundCredits(Math.max(0, spent - discount)));
        expect(Math.abs(charged * 100 - Math.max(0, spent - discount))).toBeLessThanOrEqual(50);
      },
    ),
  );
});

test('a run keeps the rules of its own node types, and a bundle only when all of it executes', () => {
  const both = new Set(['upscaler.standard', 'upscaler.billboard', 'input.image']);
  expect(termsFor(list, both, 'both')).toEqual({
    ...{ version: 3, rules: [standard, billboard] },
    bundle: { title: 'Standard and billboard', off: 5 },
  });
  expect(termsFor(list, both, undefined).bundle).toBeNull();
  expect(termsFor(list, new Set(['upscaler.standard']), 'both')).toEqual({
    version: 3,
    rules: [standard],
    bundle: null,
  });
});

test.each([-1, 0, 0.1, '1', '1e3', null, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY, 1e12 + 1, {}, [1]])(
  'refuses %j as an amount of credits, and says what is expected',
  (amount) => {
    const { error } = creditAmountSchema.safeParse(amount);
    expect(error?.issues[0]?.message).toContain('expected a whole number of credits from 1 to 1000000000000');
  },
);

test('refuses two prices for one node type', () => {
  const { version: _version, ...prices } = list;
  const { error } = pricesSchema.safeParse({ ...prices, rules: [standard, { ...standard, credits: 1 }] });
  expect(error?.issues).toMatchObject([
    { path: ['rules', 1], message: 'expected each once, upscaler.standard came before' },
  ]);
});
