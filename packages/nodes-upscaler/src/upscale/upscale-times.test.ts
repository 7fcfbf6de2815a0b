import fc from 'fast-check';
import { expect, it } from 'vitest';
import { partsOf } from './upscale-times.ts';

it('divides work into parts that follow one another without a gap, each as long as its time', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 1, maxLength: 8 }), (ms) => {
      const whole = ms.reduce((sum, part) => sum + part, 0);
      fc.pre(whole > 0);
      const parts = partsOf(ms);
      expect(parts[0]?.(0)).toBe(0);
      expect(parts.at(-1)?.(1)).toBeCloseTo(1, 9);
      for (const [index, part] of parts.entries()) {
        expect(part(1) - part(0)).toBeCloseTo((ms[index] ?? 0) / whole, 9);
        if (index > 0) expect(part(0)).toBeCloseTo(parts[index - 1]?.(1) ?? Number.NaN, 9);
      }
    }),
  );
});
