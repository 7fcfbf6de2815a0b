import type { Planes } from '../inference/network.ts';

/** What is done to colours. Light is counted as light, not as the values that stand for it: doubling it is one stop. */
export interface Correction {
  /** By how much the light of red, green and blue is multiplied. */
  gains: readonly [number, number, number];
  /** Brightness from 0 to 1 that becomes black, and that becomes white. */
  black: number;
  white: number;
  /** Steepness around middle grey: 1 leaves it. */
  contrast: number;
  /** 0 is grey, 1 leaves colours as they are. */
  saturation: number;
}

/** How many of the values from 0 to 1 are known by heart: enough for 16 bits to be steps of one. */
const STEPS = 4096;

/** A correction that was worked out once for all values. */
export class ColourCorrection {
  readonly #tables: readonly Float32Array[];
  readonly #saturation: number;

  constructor({ gains, black, white, contrast, saturation }: Correction) {
    this.#saturation = saturation;
    const spread = 1 / Math.max(0.02, white - black);
    this.#tables = gains.map((gain) =>
      Float32Array.from({ length: STEPS + 2 }, (_, step) => {
        const value = toValue(gain * toLight(Math.min(1, step / STEPS)));
        const levelled = (value - black) * spread;
        return contrast === 1 ? levelled : steeper(levelled, contrast);
      }),
    );
  }

  /** Corrects planes, into new ones. */
  apply({ data, width, height }: Planes): Planes {
    const size = width * height;
    const result = new Float32Array(data.length);
    const [reds, greens, blues] = this.#tables;
    if (!reds || !greens || !blues) throw new Error('A correction has a table for each colour.');
    for (let at = 0; at < size; at++) {
      const red = looked(reds, data[at] as number); // Three planes.
      const green = looked(greens, data[at + size] as number);
      const blue = looked(blues, data[at + 2 * size] as number);
      const brightness = 0.299 * red + 0.587 * green + 0.114 * blue;
      result[at] = brightness + this.#saturation * (red - brightness);
      result[at + size] = brightness + this.#saturation * (green - brightness);
      result[at + 2 * size] = brightness + this.#saturation * (blue - brightness);
    }
    return { data: result, width, height };
  }
}

function looked(table: Float32Array, value: number): number {
  const at = Math.min(1, Math.max(0, value)) * STEPS;
  const step = Math.floor(at);
  const low = table[step] as number; // One more than there are steps.
  return low + (at - step) * ((table[step + 1] as number) - low);
}

/** Around the middle, and never beyond black and white. */
function steeper(value: number, contrast: number): number {
  const inside = Math.min(1, Math.max(0, value));
  return inside < 0.5 ? 0.5 * (2 * inside) ** contrast : 1 - 0.5 * (2 * (1 - inside)) ** contrast;
}

/** sRGB, as IEC 61966-2-1 has it. */
export function toLight(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function toValue(light: number): number {
  return light <= 0.0031308 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055;
}
