import { describe, expect, it } from 'vitest';
import { fittingCore } from './fitting-core.ts';

const network = { corePx: 256, overlapPx: 12, peakMemoryMb: 350, sizes: { kind: 'any' } } as const;

describe('fittingCore', () => {
  it('takes the tiles of the network where there is the memory for them', () => {
    expect(fittingCore(network, 4000, 0)).toBe(256);
    expect(fittingCore({ ...network, peakMemoryMb: null }, 10, 0)).toBe(256);
  });

  it('halves them until they fit, and never below the least', () => {
    expect(fittingCore(network, 200, 0)).toBe(128);
    expect(fittingCore(network, 50, 0)).toBe(64);
    expect(fittingCore(network, 1, 0)).toBe(64);
  });

  it('halves them once for each process that died over the same row', () => {
    expect([0, 1, 2, 9].map((deaths) => fittingCore(network, 4000, deaths))).toEqual([256, 128, 64, 64]);
  });

  it('leaves a network of one size its tiles', () => {
    expect(fittingCore({ ...network, sizes: { kind: 'fixed', width: 320, height: 320 } }, 1, 3)).toBe(256);
  });
});
