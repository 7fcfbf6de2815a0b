import { hash32 } from './random.ts';

/** A smooth random landscape: values from 0 to 1 that change slowly over distances of 1. */
export function noise2(seed: number, x: number, y: number): number {
  const left = Math.floor(x);
  const top = Math.floor(y);
  const across = smooth(x - left);
  const down = smooth(y - top);
  const upper = mix(corner(seed, left, top), corner(seed, left + 1, top), across);
  const lower = mix(corner(seed, left, top + 1), corner(seed, left + 1, top + 1), across);
  return mix(upper, lower, down);
}

/** Several landscapes on top of one another, each half as strong and twice as fine as the one before. */
export function fractalNoise(seed: number, x: number, y: number, octaves: number): number {
  let sum = 0;
  let weight = 1;
  let total = 0;
  for (let octave = 0; octave < octaves; octave++) {
    const scale = 1 << octave;
    sum += weight * noise2(seed + octave * 1013, x * scale, y * scale);
    total += weight;
    weight /= 2;
  }
  return sum / total;
}

/** From `a` (share 0) to `b` (share 1). */
export function mix(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}

/** An S-curve from 0 to 1 whose slope and bend are 0 at both ends. */
export function smooth(share: number): number {
  const t = share < 0 ? 0 : share > 1 ? 1 : share;
  return t * t * t * (t * (t * 6 - 15) + 10);
}

function corner(seed: number, x: number, y: number): number {
  return (hash32(Math.imul(x, 0x1f1f1f1f) ^ hash32(Math.imul(y, 0x27d4eb2f) ^ seed)) >>> 0) / 4_294_967_295;
}
