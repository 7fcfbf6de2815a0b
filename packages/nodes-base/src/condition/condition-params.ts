import { choice, type ShowWhen, text, toggle } from '@imaginarium/node-sdk';
import { comparedAs } from '../values/order.ts';
import { type Condition, holds, type Reading } from './holds.ts';

/** The operators that hold a value against another, in the order a form lists them. */
export const comparisons = [
  { value: 'equals', label: 'is' },
  { value: 'not-equals', label: 'is not' },
  { value: 'one-of', label: 'is one of' },
  { value: 'contains', label: 'contains' },
  { value: 'not-contains', label: 'does not contain' },
  { value: 'starts-with', label: 'starts with' },
  { value: 'ends-with', label: 'ends with' },
  { value: 'matches', label: 'fits the pattern' },
  { value: 'greater', label: 'is greater than' },
  { value: 'at-least', label: 'is at least' },
  { value: 'less', label: 'is less than' },
  { value: 'at-most', label: 'is at most' },
] as const;

const operators = [
  ...comparisons,
  { value: 'empty', label: 'is empty' },
  { value: 'not-empty', label: 'is not empty' },
] as const;

const withOther = { in: comparisons.map(({ value }) => value) };

/** The param that lets capitals count only for who asks for it. */
export function ignoreCase(showWhen: ShowWhen = {}) {
  return toggle({ title: 'Capitals do not matter', default: true, advanced: true, showWhen });
}

/**
 * The form of a condition: a value, an operator and what to compare with, and if wanted a second condition. More of them are
 * made by wiring nodes one after the other.
 * @param showWhen when to show it at all.
 */
export function conditionParams(showWhen: ShowWhen = {}) {
  const second: ShowWhen = { ...showWhen, also: { in: ['and', 'or'] } };
  return {
    value: text({
      title: 'Value',
      help: 'What to look at, such as {{ item.price }} or {{ item.file.width }}.',
      default: '{{ item.value }}',
      placeholder: '{{ item.price }}',
      showWhen,
    }),
    operator: choice({ title: 'Condition', options: operators, default: 'equals', showWhen }),
    other: text({
      title: 'Compare with',
      help: 'A number, a text, or a date such as 2026-01-31. Several with commas for "is one of"; in a pattern, * is any text and ? one character.',
      showWhen: { ...showWhen, operator: withOther },
    }),
    also: choice({
      title: 'Second condition',
      options: [
        { value: 'none', label: 'None' },
        { value: 'and', label: 'And: both must hold' },
        { value: 'or', label: 'Or: one of the two is enough' },
      ],
      default: 'none',
      showWhen,
    }),
    value2: text({ title: 'Second value', placeholder: '{{ item.stock }}', showWhen: second }),
    operator2: choice({ title: 'Its condition', options: operators, default: 'equals', showWhen: second }),
    other2: text({ title: 'Compare it with', showWhen: { ...second, operator2: withOther } }),
    compareAs: comparedAs(showWhen),
    ignoreCase: ignoreCase(showWhen),
  };
}

/** The values of {@link conditionParams}. */
export interface ConditionValues extends Condition, Reading {
  also: 'none' | 'and' | 'or';
  value2: string;
  operator2: Condition['operator'];
  other2: string;
}

/**
 * Whether what the form says holds. A second condition is looked at only where the first does not decide.
 * @throws {NonRetryableError} when something is to be greater or less than what it cannot be compared with.
 */
export function formHolds(params: ConditionValues): boolean {
  const first = holds(params, params);
  const second = () => holds({ value: params.value2, operator: params.operator2, other: params.other2 }, params);
  switch (params.also) {
    case 'none':
      return first;
    case 'and':
      return first && second();
    case 'or':
      return first || second();
  }
}
