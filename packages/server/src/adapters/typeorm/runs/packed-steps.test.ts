import type { Json, Step } from '@imaginarium/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aFile, aStep } from '../testing/world.ts';
import { packSteps, parseSteps } from './packed-steps.ts';
import { slimSteps } from './slim-steps.ts';

describe('the steps of a journal row', () => {
  it('are packed in pieces where they are very long, and read as one list', () => {
    const items = Array.from({ length: 12_000 }, (_, row) => ({
      id: `a.out.${row}`,
      value: row,
      fields: {},
      from: [],
    }));
    // Some are longer than a piece, others come together in one; some ports have nothing, and some steps no port.
    for (const lengths of [[12_000], [1, 12_000, 12_000], [0, 5000, 5000, 12_000, 0, 5000, 5000, 5000]]) {
      const outputsOf = (length: number): Step['outputs'] =>
        length === 0 ? {} : { out: items.slice(0, length), 'n"o': [], two: items.slice(0, 2) };
      const steps = lengths.map((length, index) => aStep(`n${index}`, { outputs: outputsOf(length) }));
      const read = parseSteps(packSteps(steps));
      const shown = (of: Step[]) => of.map(({ node, outputs }) => [node, JSON.stringify(outputs)]);
      expect(shown(read)).toEqual(shown(steps));
    }
  });

  it('name their files, however they are written', () => {
    const ids = Array.from({ length: 3000 }, (_, row) => row.toString(16).padStart(64, '0'));
    const items = ids.map((id, row) => ({ id: `a.out.${row}`, file: { ...aFile(id), id }, fields: {}, from: [] }));
    for (const length of [1, 600, 3000]) {
      const { fileIds } = packSteps([aStep('a', { outputs: { out: items.slice(0, length) } })]);
      expect([...fileIds]).toEqual(ids.slice(0, length));
    }
  });

  it('are packed whole where one item is longer than a piece', () => {
    const value = '€'.repeat(1_500_000);
    const items = Array.from({ length: 1001 }, (_, row) => ({
      ...{ id: `a.out.${row}`, value: row === 300 ? value : row, fields: {}, from: [] },
    }));
    const steps = [aStep('a', { outputs: { out: items } })];
    expect(parseSteps(packSteps(steps))[0]?.outputs.out?.[300]?.value).toBe(value);
  });

  it('are read as they were written, whether they are packed or not', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 1, 30, 3000), (value, count) => {
        const items = Array.from({ length: count }, (_, index) => ({
          ...{ id: `a.out.${index}`, value: value as Json, fields: { row: index, 'é\0': '𝄞' }, from: [] },
        }));
        const steps = [aStep('a', { outputs: { out: items } }), aStep('b')];
        const written = packSteps(steps);
        expect(written.packed_steps !== null).toBe(JSON.stringify(slimSteps(steps)).length >= 16_000);
        const asJson = (of: readonly Step[]) => of.map(({ outputs, ...step }) => [step, JSON.stringify(outputs)]);
        expect(asJson(parseSteps(written))).toEqual(asJson(steps));
      }),
      { numRuns: 50 },
    );
  });
});
