import { loadSharp } from '@imaginarium/pictures';

/** A mark that {@link markDetector} takes for a face: the upper left corner of its blue square and its side, in pixels. */
export interface Mark {
  x: number;
  y: number;
  side: 8 | 16 | 32;
}

/** A PNG of soft grey waves with marks on it. */
export async function markedPicture(width: number, height: number, marks: readonly Mark[]): Promise<Uint8Array> {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0, to = 0; y < height; y++)
    for (let x = 0; x < width; x++, to += 3) {
      const shade = 120 + 40 * Math.sin(x / 17) + 30 * Math.cos(y / 23);
      data.fill(shade, to, to + 3);
    }
  for (const { x, y, side } of marks) {
    paint(data, width, x, y, side, [0, 0, 255]);
    paint(data, width, x, y - side, side, [255, 0, 0]);
  }
  const sharp = await loadSharp();
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

function paint(data: Uint8Array, width: number, left: number, top: number, side: number, colour: number[]): void {
  for (let y = top; y < top + side; y++) for (let x = left; x < left + side; x++) data.set(colour, (y * width + x) * 3);
}
