import type { Planes } from './network.ts';
import type { Met } from './planes.ts';

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
export function checkOutput(input: Planes, output: Planes, met: Met): void {
  if (!met.finite) throw new BadTileError('the network gave values that are not numbers');
  if (met.greenRange < FLAT && rangeOf(output) < FLAT && rangeOf(input) > 16 * FLAT)
    throw new BadTileError('the network gave one flat colour for a picture that is not flat');
}

/** How far values are apart: asked only where green is flat, which is rare. */
function rangeOf({ data }: Planes): number {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of data) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return high - low;
}
