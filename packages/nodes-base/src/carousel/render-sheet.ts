import { loadSharp } from '@imaginarium/pictures';
import { sheetGrid } from './contact-sheet.ts';
import type { Size } from './slide-size.ts';

/** A contact sheet of finished slides, as a JPEG. */
export async function renderSheet(slides: readonly string[], slide: Size): Promise<{ bytes: Uint8Array } & Size> {
  const sharp = await loadSharp();
  const { cells, width, height } = sheetGrid(slides.length, slide);
  const layers = [];
  for (const [index, cell] of cells.entries()) {
    const input = await sharp(slides[index])
      .resize(cell.width, cell.height, { fit: 'fill' })
      .removeAlpha()
      .raw()
      .toBuffer();
    layers.push({
      input,
      raw: { width: cell.width, height: cell.height, channels: 3 as const },
      left: cell.left,
      top: cell.top,
    });
  }
  const sheet = sharp({ create: { width, height, channels: 3, background: '#eceff1' } });
  return { bytes: await sheet.composite(layers).jpeg({ quality: 88 }).toBuffer(), width, height };
}
