/** A source of numbers that a seed decides: the same on every machine, as it computes with 32-bit integers only. */
export interface Random {
  /** A number from 0 up to but not including 1. */
  next(): number;
  /** A number from `low` up to but not including `high`. */
  between(low: number, high: number): number;
  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number;
}

/** Starts a source. Seeds that differ by one give unrelated numbers. */
export function randomFrom(seed: number): Random {
  let state = hash32(seed | 0);
  const next = () => {
    state = (state + 0x9e3779b9) | 0;
    return (hash32(state) >>> 0) / 4_294_967_296;
  };
  const between = (low: number, high: number) => low + (high - low) * next();
  return { next, between, whole: (low, high) => Math.floor(between(low, high + 1)) };
}

/** Scrambles a 32-bit integer so that each bit of it changes half of the result's. */
export function hash32(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x7feb352d);
  bits = Math.imul(bits ^ (bits >>> 15), 0x846ca68b);
  return bits ^ (bits >>> 16);
}
