import fc from 'fast-check';
import { expect, it } from 'vitest';
import { refuseExpression } from './refuse-expression.ts';

it.each([
  'item.price * 2',
  'item.tags.map((tag) => tag.toUpperCase()).join(", ")',
  "item.name === 'it\\'s' ? [1, 2] : { a: 1 }",
  '`a ; ( in a template`',
  'item.name.replace(/[({]/g, "")',
  '"a ; ( in a text"',
])('takes %s', (source) => expect(refuseExpression(source)).toBeUndefined());

it.each([
  ['', 'it is empty'],
  ['item.price * (2 + 1', 'a ( is not closed'],
  ['item.price * 2)', 'a ) closes nothing'],
  ['[1, 2)', 'a ) closes nothing'],
  ['{ a: { b: 1 ', 'a { is not closed; write a space between closing braces, as in } }'],
  ['"never closed', 'a " is not closed'],
  ['let x = 1; x', 'it holds a ; and only one expression may stand here'],
])('refuses %j: %s', (source, reason) => expect(refuseExpression(source)).toBe(reason));

it('answers any text without throwing', () => {
  fc.assert(
    fc.property(fc.string(), (source) => {
      expect(['string', 'undefined']).toContain(typeof refuseExpression(source));
    }),
  );
});
