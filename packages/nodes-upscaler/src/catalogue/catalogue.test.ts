import { modelEntrySchema } from '@imaginarium/node-sdk';
import { describe, expect, it } from 'vitest';
import { isExact } from '../tiling/overlap.ts';
import { CATALOGUE } from './catalogue.ts';

describe('the catalogue', () => {
  it('names each model, file and checksum once', () => {
    for (const key of ['name', 'file', 'sha256'] as const) {
      const known = CATALOGUE.map((entry) => entry[key]).filter((value) => value !== null);
      expect(new Set(known).size).toBe(known.length);
    }
  });

  it('has all that were promised', () => {
    expect(CATALOGUE.map(({ name }) => name).toSorted()).toEqual(
      [
        ...['bsrgan-x4', 'codeformer', 'gfpgan-1.4', 'imaginarium-x2', 'imaginarium-x4', 'realesr-animevideov3-x4'],
        ...['realesr-general-x4v3', 'realesrgan-x2plus', 'realesrgan-x4plus', 'swinir-m-real-x4', 'yunet-n'],
      ].toSorted(),
    );
  });
});

describe.each(CATALOGUE.map((entry) => [entry.name, entry] as const))('%s', (_name, entry) => {
  it('has the shape of an entry', () => {
    expect(modelEntrySchema.parse(entry)).toEqual(entry);
  });

  it('can be had: it is shipped, is hosted with a checksum, or says how it is made', () => {
    if (entry.origin === 'shipped') expect([entry.sha256 !== null, entry.bytes !== null]).toEqual([true, true]);
    else if (entry.url !== null) expect(entry.sha256).not.toBeNull();
    else expect([entry.convert !== null, entry.weights !== null]).toEqual([true, true]);
  });

  it('says of what is not known that it is not', () => {
    const isOpen =
      entry.sha256 === null ||
      entry.bytes === null ||
      (entry.task === 'super-resolution' && entry.receptiveRadiusPx === null);
    if (isOpen) expect(entry.unknown.length).toBeGreaterThan(0);
  });

  it('says how it is fed, and how it is tiled where it is', () => {
    const isPicture = entry.task === 'super-resolution';
    for (const { channels, range } of entry.inputs.filter(({ layout }) => layout === 'NCHW'))
      expect([channels !== undefined, range !== undefined]).toEqual([true, true]);
    expect(entry.inputs[0]?.layout).toBe('NCHW');
    expect(entry.corePx !== null).toBe(isPicture);
    if (!isPicture) expect(isExact(entry)).toBe(false);
  });

  it('says what to know of a licence that is not for commercial use', () => {
    if (!entry.commercial) expect(entry.licence.note).toContain('non-commercial');
  });
});
