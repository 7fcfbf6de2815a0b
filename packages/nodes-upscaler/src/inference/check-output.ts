import type { Planes } from './network.ts';

/** A tile that came out wrong: not a number somewhere, or one flat colour where the input was not. */
export class BadTileError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BadTileError';
  }
}

/** How far values of a flat tile may be apart: less than a level of 8 bits. */
const FLAT = 1 / 512;

/**
 * Networks that overflow give black or blank pictures without any error; this is where it is noticed.
 * @throws {BadTileError}
 */
export function checkOutput(input: Planes, output: Planes): void {
  const given = rangeOf(output.data);
  if (!given.finite) throw new BadTileError('the network gave values that are not numbers');
  const taken = rangeOf(input.data);
  if (given.high - given.low < FLAT && taken.high - taken.low > 16 * FLAT)
    throw new BadTileError('the network gave one flat colour for a picture that is not flat');
}

function rangeOf(values: Float32Array): { low: number; high: number; finite: boolean } {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let finite = true;
  for (let at = 0; at < values.length; at++) {
    const value = values[at] as number; // Within bounds.
    if (value < low) low = value;
    if (value > high) high = value;
    // Neither comparison holds for NaN, and this one does for infinities too.
    if (!(value - value === 0)) finite = false;
  }
  return { low, high, finite };
}
