import { setImmediate } from 'node:timers/promises';
import { paintRows, type Style } from './painter.ts';
import type { Rgb } from './palette.ts';
import { randomFrom } from './random.ts';

/** What decides a picture, beside its style. */
export interface PictureBrief {
  /** Pixels. */
  width: number;
  height: number;
  seed: number;
  /** At least two colours. */
  palette: readonly Rgb[];
}

/** Rows painted between two looks at the signal: some 30 ms of work. */
const BAND_PIXELS = 65_536;

/**
 * Paints a whole picture, as bytes in red, green, blue.
 * @throws what the signal was aborted with.
 */
export async function paintPicture(
  style: Style,
  brief: PictureBrief,
  signal: AbortSignal,
  progress: (share: number) => void,
): Promise<Uint8Array> {
  const { width, height, seed } = brief;
  const paint = style({ ...brief, random: randomFrom(seed) });
  const bytes = new Uint8Array(width * height * 3);
  const band = Math.max(1, Math.floor(BAND_PIXELS / width));
  for (let top = 0; top < height; top += band) {
    signal.throwIfAborted();
    const rows = Math.min(band, height - top);
    bytes.set(paintRows(paint, seed, width, top, rows), top * width * 3);
    progress((top + rows) / height);
    await setImmediate();
  }
  return bytes;
}
