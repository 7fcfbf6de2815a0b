import type { Item, Json, JsonObject, Step } from '@imaginarium/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aFile, aStep } from '../testing/world.ts';
import { slimSteps, wholeSteps } from './slim-steps.ts';

const throughJson = (steps: readonly Step[]) => wholeSteps(JSON.parse(JSON.stringify(slimSteps(steps))));

/** A chain of steps: each item changes some of what the one before it has, or is made of nothing that stands in the row. */
const chains = fc
  .array(
    fc.record({
      keeps: fc.boolean(),
      known: fc.boolean(),
      value: fc.option(fc.jsonValue(), { nil: undefined }),
      file: fc.option(fc.constantFrom('a', 'b'), { nil: undefined }),
      fields: fc.dictionary(fc.constantFrom('b', 'a', 'é\0', '2', '1', 'last'), fc.jsonValue(), { maxKeys: 4 }),
      drops: fc.option(fc.constantFrom('a', 'b', '1'), { nil: undefined }),
      error: fc.boolean(),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((changes) => {
    let before: Item | undefined;
    return changes.map(({ keeps, known, value, file, fields, drops, error }, index): Step => {
      const grown: JsonObject = { ...before?.fields, ...(fields as JsonObject) };
      if (drops !== undefined) delete grown[drops];
      const content =
        keeps && before
          ? {
              ...(before.value === undefined ? {} : { value: before.value }),
              ...(before.file ? { file: before.file } : {}),
            }
          : file !== undefined
            ? { file: aFile(file) }
            : value === undefined
              ? {}
              : { value: value as Json };
      const from = before ? [known ? before.id : 'elsewhere'] : [];
      before = { id: `n${index}.out.0`, ...content, fields: grown, from };
      const failed = { state: 'failed', error: { code: 'internal', message: 'x' }, credits: 3, reason: 'why' } as const;
      return aStep(`n${index}`, { outputs: { out: [before] }, ...(error ? failed : {}) });
    });
  });

describe('steps as a row of the journal has them', () => {
  it('are whole again when they are read, with their fields in the same order', () => {
    fc.assert(
      fc.property(chains, (steps) => {
        expect(JSON.parse(JSON.stringify(throughJson(steps)))).toEqual(JSON.parse(JSON.stringify(steps)));
        const names = (of: readonly Step[]) => of.map(({ outputs }) => Object.keys(outputs.out?.[0]?.fields ?? {}));
        expect(names(throughJson(steps))).toEqual(names(steps));
      }),
    );
  });

  it('leave out what their items have of those they were made from', () => {
    const value = { body: 'x'.repeat(1000) };
    const first: Item = { id: 'a.out.0', value, fields: { a: 1 }, from: [] };
    const second: Item = { id: 'b.out.0', value, fields: { a: 1, b: 2 }, from: ['a.out.0'] };
    const steps = [aStep('a', { outputs: { out: [first] } }), aStep('b', { outputs: { out: [second] } })];
    expect(slimSteps(steps)[1]?.outputs).toEqual({ out: [{ id: 'b.out.0', grown: { b: 2 }, from: ['a.out.0'] }] });
    expect(throughJson(steps)).toEqual(steps);
  });

  it('are read as they are where they were written whole, as they once were', () => {
    const steps = [aStep('a', { outputs: { out: [{ id: 'a.out.0', value: 1, fields: {}, from: [] }] } })];
    expect(wholeSteps(JSON.parse(JSON.stringify(steps)))).toEqual(steps);
  });
});
