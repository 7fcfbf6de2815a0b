import { noise2 } from '../noise.ts';
import type { Brief, Paint } from '../painter.ts';
import { blend, colourAt, type Rgb, shade } from '../palette.ts';
import type { Random } from '../random.ts';

/** Woven cloth: the same stripes across and down, with the diagonal ribs of a twill. */
export function plaid({ width, height, seed, random, palette }: Brief): Paint {
  const span = Math.min(width, height);
  const thread = Math.max(1, Math.round(span / 360));
  const stripes = sett(random, palette, Math.max(8, Math.round(span / random.between(2.2, 3.4))));
  const fibre = 6 / span;

  return (x, y) => {
    const column = Math.floor(x / thread);
    const row = Math.floor(y / thread);
    const warpOnTop = (((column + row) % 4) + 4) % 4 < 2;
    const warp = stripes[Math.floor(x) % stripes.length] ?? [0, 0, 0];
    const weft = stripes[Math.floor(y) % stripes.length] ?? [0, 0, 0];
    const woven = warpOnTop ? blend(weft, warp, 0.72) : blend(warp, weft, 0.72);
    const fold = noise2(seed, x * fibre * 0.4, y * fibre * 0.4) - 0.5;
    const strand = warpOnTop ? noise2(seed + 1, column, y * fibre * 6) : noise2(seed + 2, x * fibre * 6, row);
    return shade(woven, 0.97 + 0.1 * (strand - 0.5) + 0.12 * fold);
  };
}

/** One repeat of a tartan, a colour for each pixel: bands that run to a pivot and back again. */
function sett(random: Random, palette: readonly Rgb[], period: number): Rgb[] {
  const ground = colourAt(palette, random.between(0, 0.25));
  const bands = Array.from({ length: random.whole(3, 5) }, (_, index) => ({
    width: index % 2 === 0 ? random.between(2, 5) : random.between(0.25, 0.9),
    colour: index === 0 ? ground : colourAt(palette, random.between(0.2, 1)),
  }));
  const total = bands.reduce((sum, band) => sum + band.width, 0);
  const half = Math.max(2, Math.floor(period / 2));
  const forth: Rgb[] = [];
  let end = 0;
  for (const { width, colour } of bands) {
    end += width;
    while (forth.length < Math.round((half * end) / total)) forth.push(colour);
  }
  return [...forth, ...forth.toReversed()];
}
