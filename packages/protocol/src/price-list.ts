import { z } from 'zod';
import { HUNDREDTHS } from './credits.ts';
import type { JsonObject } from './json.ts';

const nodeType = z
  .string()
  .max(200)
  .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'expected a node type such as upscaler.standard');

/** What a node type costs. A type without a rule costs what its own description says. */
export const priceRuleSchema = z.strictObject({
  type: nodeType,
  /** Whole credits. */
  credits: z.int().min(0).max(1_000_000),
  /** Whether each item costs that, or the step as a whole. */
  per: z.enum(['item', 'step']),
  /** Another price where a param of the node has one of these values, such as the size to upscale to. */
  choices: z
    .strictObject({
      param: z.string().min(1).max(100),
      credits: z.record(z.string().min(1).max(100), z.int().min(0).max(1_000_000)),
    })
    .optional(),
  /** Percent taken off all items of a step that has at least so many. */
  batch: z.strictObject({ from: z.int().min(2).max(100_000), percentOff: z.int().min(1).max(100) }).optional(),
  /** The most items that one step may work on. */
  limit: z.int().min(1).max(100_000).optional(),
});
export type PriceRule = z.infer<typeof priceRuleSchema>;

/** Node types that cost less together. A workflow names the bundle in its settings; it counts when all of its types execute. */
export const priceBundleSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{1,64}$/, 'expected 1 to 64 small letters, digits or -'),
  title: z.string().trim().min(1).max(100),
  types: z.array(nodeType).min(2).max(20),
  /** Credits taken off the run. */
  off: z.int().min(1).max(1_000_000),
});
export type PriceBundle = z.infer<typeof priceBundleSchema>;

/** What one credit is worth where money is shown. */
export const currencySchema = z.strictObject({
  code: z.string().regex(/^[A-Z]{3}$/, 'expected a currency code of three letters such as IDR'),
  perCredit: z.number().positive().max(1_000_000),
});
export type Currency = z.infer<typeof currencySchema>;

/** Prices as an owner edits them. */
export const pricesSchema = z
  .strictObject({
    rules: z.array(priceRuleSchema).max(1000),
    bundles: z.array(priceBundleSchema).max(100),
    currency: currencySchema,
  })
  .superRefine(({ rules, bundles }, context) => {
    for (const [key, values] of [
      ['rules', rules.map((rule) => rule.type)],
      ['bundles', bundles.map((bundle) => bundle.id)],
    ] as const)
      for (const [index, value] of values.entries())
        if (values.indexOf(value) !== index)
          context.addIssue({ code: 'custom', path: [key, index], message: `expected each once, ${value} came before` });
  });
export type Prices = z.infer<typeof pricesSchema>;

/** One numbered version of the prices. 0 is what Imaginarium ships with; each edit adds one, and none is ever changed. */
export type PriceList = Prices & { version: number };

/** The prices that a run keeps from its quote to its end, whatever becomes of the list. */
export const priceTermsSchema = z.strictObject({
  /** The version of the price list they were taken from. */
  version: z.int().min(0),
  /** The rules for node types of its graph. */
  rules: z.array(priceRuleSchema),
  /** The bundle that counts for it. */
  bundle: z.strictObject({ title: z.string(), off: z.int().min(1) }).nullable(),
  /** Whole credits that the run may cost at most, where whoever started it said so. */
  most: z.int().min(0).optional(),
  /** What it may cost at most together with the runs that it starts, and those that it belongs to: agreed to for the first of them. */
  ceiling: z.strictObject({ runId: z.uuid(), most: z.int().min(0) }).optional(),
});
export type PriceTerms = z.infer<typeof priceTermsSchema>;

/** The exact price of a step by a rule, in hundredths of a credit. @param params those the node executes with. */
export function priceByRule(rule: PriceRule, items: number, params: JsonObject): number {
  return creditsByRule(rule, params) * countBy(rule, items) * (HUNDREDTHS - percentOff(rule.batch, items));
}

/** The exact price of a step without its batch discount, in hundredths of a credit. */
export function fullPriceByRule(rule: PriceRule, items: number, params: JsonObject): number {
  return creditsByRule(rule, params) * countBy(rule, items) * HUNDREDTHS;
}

/** The most that a rule asks for one item or step, whatever the params are. */
export function mostByRule({ credits, choices }: PriceRule): number {
  return Math.max(credits, ...Object.values(choices?.credits ?? {}));
}

/** The least that a rule asks for one item or step, whatever the params are. */
export function leastByRule({ credits, choices }: PriceRule): number {
  return Math.min(credits, ...Object.values(choices?.credits ?? {}));
}

/** What a rule asks for one item or for the step, before any discount, in credits. @param params those of the node. */
export function creditsByRule({ credits, choices }: PriceRule, params: JsonObject): number {
  const value = choices && Object.hasOwn(params, choices.param) ? params[choices.param] : undefined;
  const key = String(value);
  return choices && Object.hasOwn(choices.credits, key) ? (choices.credits[key] ?? credits) : credits;
}

function countBy({ per }: PriceRule, items: number): number {
  return per === 'item' ? items : Math.min(1, items);
}

function percentOff(batch: PriceRule['batch'], items: number): number {
  return batch !== undefined && items >= batch.from ? batch.percentOff : 0;
}

/**
 * The prices that a run of some nodes is quoted by.
 * @param types the node types that will execute.
 * @param bundleId the bundle that the workflow names, if it names one.
 */
export function termsFor(list: PriceList, types: ReadonlySet<string>, bundleId: string | undefined): PriceTerms {
  const bundle = list.bundles.find(({ id }) => id === bundleId);
  return {
    version: list.version,
    rules: list.rules.filter((rule) => types.has(rule.type)),
    bundle: bundle?.types.every((type) => types.has(type)) ? { title: bundle.title, off: bundle.off } : null,
  };
}

/** What the terms take off a run, in hundredths of a credit. */
export function discountOf(terms: PriceTerms | null | undefined): number {
  return (terms?.bundle?.off ?? 0) * HUNDREDTHS;
}
