import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { iptcSegment, keptIptc } from './iptc.ts';

const CITY = 90;
const AUTHOR = 80;

function dataset(number: number, text: string): Buffer {
  return Buffer.concat([Buffer.from([0x1c, 2, number, 0, text.length]), Buffer.from(text, 'latin1')]);
}

function segment(...datasets: Buffer[]): Buffer {
  const records = Buffer.concat(datasets);
  const other = Buffer.from('8BIM\x03\xed\x00\x00\x00\x00\x00\x01x\x00', 'latin1');
  const head = Buffer.from('8BIM\x04\x04\x00\x00\x00\x00\x00\x00', 'latin1');
  head.writeUInt32BE(records.length, 8);
  return Buffer.concat([
    Buffer.from('Photoshop 3.0\0', 'latin1'),
    other,
    head,
    records,
    Buffer.alloc(records.length % 2),
  ]);
}

const whole = segment(dataset(AUTHOR, 'Ada'), dataset(CITY, 'Budapest'));

describe('keptIptc', () => {
  it('keeps the records without the place, and drops what else Photoshop wrote', () => {
    const kept = Buffer.from(keptIptc(whole, false) ?? []).toString('latin1');
    expect(kept).toContain('Ada');
    expect(kept).not.toContain('Budapest');
    expect(kept).not.toContain('\x03\xed');
  });

  it('gives back what it gave before, as records and as a segment', () => {
    const once = keptIptc(whole, true);
    expect(Buffer.from(once ?? []).toString('latin1')).toContain('Budapest');
    expect(keptIptc(once ?? new Uint8Array(), true)).toEqual(once);
    expect(keptIptc(iptcSegment(once ?? new Uint8Array()), true)).toEqual(once);
  });

  it('gives nothing for what is broken or empty, and never throws', () => {
    expect(keptIptc(new Uint8Array(), true)).toBeUndefined();
    expect(keptIptc(segment(dataset(CITY, 'Budapest')), false)).toBeUndefined();
    fc.assert(
      fc.property(fc.nat(whole.length), fc.nat(whole.length - 1), fc.nat(255), (length, at, value) => {
        const broken = new Uint8Array(whole.subarray(0, length));
        if (at < length) broken[at] = value;
        const kept = keptIptc(broken, true);
        expect(kept === undefined || kept.length <= whole.length + 1).toBe(true);
      }),
    );
  });
});
