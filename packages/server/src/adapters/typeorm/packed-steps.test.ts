import type { Json, Step } from '@imaginarium/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packSteps, parseSteps } from './packed-steps.ts';
import { aStep } from './testing/world.ts';

describe('the steps of a journal row', () => {
  it('are read as they were written, whether they are packed or not', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 1, 30, 3000), (value, count) => {
        const items = Array.from({ length: count }, (_, index) => ({
          ...{ id: `a.out.${index}`, value: value as Json, fields: { row: index, 'é\0': '𝄞' }, from: [] },
        }));
        const steps = [aStep('a', { outputs: { out: items } }), aStep('b')];
        const written = packSteps(steps);
        expect(written.packed_steps !== null).toBe(written.text.length >= 16_000);
        const asJson = (of: readonly Step[]) => of.map(({ outputs, ...step }) => [step, JSON.stringify(outputs)]);
        expect(asJson(parseSteps(written))).toEqual(asJson(steps));
      }),
      { numRuns: 50 },
    );
  });
});
