import type { Json, Step } from '@imaginarium/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aStep } from '../testing/world.ts';
import { packSteps, parseSteps } from './packed-steps.ts';

describe('the steps of a journal row', () => {
  it('are packed in pieces where they are very long, and read as one list', () => {
    const items = Array.from({ length: 12_000 }, (_, row) => ({
      id: `a.out.${row}`,
      value: row,
      fields: {},
      from: [],
    }));
    // Some are longer than a piece, others come together in one.
    for (const lengths of [[12_000], [1, 12_000, 12_000], [5000, 5000, 12_000, 5000, 5000, 5000]]) {
      const steps = lengths.map((length, index) => aStep(`n${index}`, { outputs: { out: items.slice(0, length) } }));
      const read = parseSteps(packSteps(steps));
      const shown = (of: Step[]) => of.map(({ node, outputs }) => [node, JSON.stringify(outputs)]);
      expect(shown(read)).toEqual(shown(steps));
    }
  });

  it('are read as they were written, whether they are packed or not', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 1, 30, 3000), (value, count) => {
        const items = Array.from({ length: count }, (_, index) => ({
          ...{ id: `a.out.${index}`, value: value as Json, fields: { row: index, 'é\0': '𝄞' }, from: [] },
        }));
        const steps = [aStep('a', { outputs: { out: items } }), aStep('b')];
        const written = packSteps(steps);
        expect(written.packed_steps !== null).toBe(written.texts.join('').length >= 16_000);
        const asJson = (of: readonly Step[]) => of.map(({ outputs, ...step }) => [step, JSON.stringify(outputs)]);
        expect(asJson(parseSteps(written))).toEqual(asJson(steps));
      }),
      { numRuns: 50 },
    );
  });
});
