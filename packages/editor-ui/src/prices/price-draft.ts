import { type PriceRule, type Prices, pricesSchema } from '@imaginarium/protocol';

/** A price as it is typed: numbers are texts until they are right. */
export interface RuleDraft {
  type: string;
  credits: string;
  per: PriceRule['per'];
  batchFrom: string;
  batchOff: string;
  limit: string;
  choices: ChoiceDraft | null;
}

/** Prices by the choice of a param: its values with what they cost. An empty price is none: it then costs what the others cost. */
export interface ChoiceDraft {
  param: string;
  credits: Record<string, string>;
}

export interface BundleDraft {
  id: string;
  title: string;
  types: string[];
  off: string;
}

/** Prices while somebody edits them. */
export interface PriceDraft {
  /** The version that they change. */
  after: number;
  rules: RuleDraft[];
  bundles: BundleDraft[];
  code: string;
  perCredit: string;
}

/** The fields of a draft that can be wrong, as they are named in {@link problemsOf}. */
export type DraftProblem =
  | 'credits'
  | 'from'
  | 'percentOff'
  | 'limit'
  | 'title'
  | 'types'
  | 'off'
  | 'code'
  | 'perCredit';

export function draftOf(after: number, { rules, bundles, currency }: Prices): PriceDraft {
  return {
    after,
    rules: rules.map(ruleDraft),
    bundles: bundles.map(({ off, types, ...bundle }) => ({ ...bundle, types: [...types], off: String(off) })),
    code: currency.code,
    perCredit: String(currency.perCredit),
  };
}

export function ruleDraft({ type, credits, per, batch, limit, choices }: PriceRule): RuleDraft {
  return {
    ...{ type, credits: String(credits), per },
    ...{ batchFrom: String(batch?.from ?? ''), batchOff: String(batch?.percentOff ?? ''), limit: String(limit ?? '') },
    choices: choices
      ? { param: choices.param, credits: mapped(choices.credits, (credit: number) => String(credit)) }
      : null,
  };
}

/** What a draft says, whether or not it may be published. A number that is none is NaN, which no price allows. */
function written({ rules, bundles, code, perCredit }: PriceDraft): Prices {
  return {
    rules: rules.map(({ type, credits, per, batchFrom, batchOff, limit, choices }) => ({
      ...{ type, credits: numberIn(credits), per },
      ...(batchFrom.trim() === '' && batchOff.trim() === ''
        ? {}
        : { batch: { from: numberIn(batchFrom), percentOff: numberIn(batchOff) } }),
      ...(limit.trim() === '' ? {} : { limit: numberIn(limit) }),
      ...(isPriced(choices) ? { choices: { param: choices.param, credits: mapped(filled(choices), numberIn) } } : {}),
    })),
    bundles: bundles.map(({ id, title, types, off }) => ({ id, title, types, off: numberIn(off) })),
    currency: { code: code.trim().toUpperCase(), perCredit: numberIn(perCredit) },
  };
}

/** A draft as prices, when everything in it is right. */
export function pricesOf(draft: PriceDraft): Prices | null {
  return pricesSchema.safeParse(written(draft)).data ?? null;
}

/** What is wrong with a draft, by place: `rules.2.credits`, `bundles.0.types`, `perCredit`. */
export function problemsOf(draft: PriceDraft): ReadonlyMap<string, DraftProblem> {
  const issues = pricesSchema.safeParse(written(draft)).error?.issues ?? [];
  return new Map(issues.map(({ path }) => placeOf(path.map(String))));
}

/** Where a problem shows: beside the smallest thing that has a field of its own. */
function placeOf(path: readonly string[]): [string, DraftProblem] {
  const [list, index = '', field, part, choice] = path;
  if (list === 'currency') return index === 'code' ? ['code', 'code'] : ['perCredit', 'perCredit'];
  const entry = `${list}.${index}`;
  if (field === 'choices') return [`${entry}.choices.${choice ?? part}`, 'credits'];
  if (field === 'batch') return part === 'from' ? [`${entry}.from`, 'from'] : [`${entry}.percentOff`, 'percentOff'];
  // The schema knows no other fields than those named in DraftProblem.
  return [`${entry}.${field}`, field as DraftProblem];
}

/** Whether a draft says something else than the prices it was made from. */
export function isChanged(draft: PriceDraft, prices: Prices): boolean {
  // Choices that nobody has priced yet say nothing.
  const rules = draft.rules.map((rule) => ({
    ...rule,
    choices: isPriced(rule.choices) ? { param: rule.choices.param, credits: filled(rule.choices) } : null,
  }));
  return JSON.stringify({ ...draft, rules }) !== JSON.stringify(draftOf(draft.after, prices));
}

function isPriced(choices: ChoiceDraft | null): choices is ChoiceDraft {
  return choices !== null && Object.keys(filled(choices)).length > 0;
}

function filled({ credits }: ChoiceDraft): Record<string, string> {
  return Object.fromEntries(Object.entries(credits).filter(([, price]) => price.trim() !== ''));
}

/** An id for a bundle that no other has, made from its title. */
export function bundleId(title: string, others: readonly BundleDraft[]): string {
  const base =
    title
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-+|-+$/g, '')
      .slice(0, 50) || 'bundle';
  const taken = new Set(others.map(({ id }) => id));
  if (!taken.has(base)) return base;
  let count = 2;
  while (taken.has(`${base}-${count}`)) count++;
  return `${base}-${count}`;
}

function numberIn(text: string): number {
  return /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : Number.NaN;
}

function mapped<From, To>(record: Readonly<Record<string, From>>, change: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
