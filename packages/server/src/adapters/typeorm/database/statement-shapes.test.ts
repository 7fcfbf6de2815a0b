import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Fragment, fragment, type SqlPart } from './sql.ts';
import { StatementShapes } from './statement-shapes.ts';

/** As the code has them: each is one object, however often it is used. */
const one = (a: SqlPart) => fragment`a ${a} b`;
const two = (a: SqlPart, b: SqlPart) => fragment`x ${a} y ${b} z`;

const value = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constant(null), fc.constant(new Uint8Array([1])));
const { part } = fc.letrec<{ part: SqlPart; piece: Fragment }>((tie) => ({
  piece: fc.oneof(
    tie('part').map(one),
    fc.tuple(tie('part'), tie('part')).map(([a, b]) => two(a, b)),
  ),
  part: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    value,
    tie('piece'),
    fc.array(value, { minLength: 1, maxLength: 3 }),
    fc.array(tie('piece'), { minLength: 1, maxLength: 3 }),
  ) as fc.Arbitrary<SqlPart>,
}));

test('finds a statement by its parts, whatever they are, as it would be written', () => {
  // Many at once, so that those that begin alike meet.
  const kept = new StatementShapes(100_000, true, ({ statement }) => statement);
  fc.assert(
    fc.property(part, part, (a, b) => {
      const whole = two(a, b);
      const fresh = new StatementShapes(1, true, ({ statement }) => statement).find(whole);
      expect(kept.find(whole)).toEqual(fresh);
      expect(fresh.kept.match(/\$\d+/g) ?? []).toEqual(fresh.parameters.map((_value, index) => `$${index + 1}`));
    }),
    { numRuns: 500 },
  );
});

test('keeps each statement once, lists by their length, and begins anew when there are too many', () => {
  const made: string[] = [];
  const kept = new StatementShapes(3, false, ({ statement, hasLists }) =>
    made.push(`${statement}${hasLists ? ' …' : ''}`),
  );
  for (const list of [[1], [2], [1, 2], [3, 4]]) kept.find(one(list));
  kept.find(one(5));
  kept.find(one(6));
  expect(made).toEqual(['a ? b …', 'a ?, ? b …', 'a ? b']);
  kept.find(two(1, 2));
  kept.find(one(7));
  expect(made.slice(3)).toEqual(['x ? y ? z', 'a ? b']);
});
