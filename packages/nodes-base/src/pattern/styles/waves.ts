import { fractalNoise, mix } from '../noise.ts';
import type { Brief, Paint } from '../painter.ts';
import { blend, colourAt, type Rgb, shade } from '../palette.ts';

/** Hills of cut paper, one behind the other, each with a shadow on the one behind. */
export function waves({ width, height, seed, random, palette }: Brief): Paint {
  const count = random.whole(5, 7);
  const reversed = random.next() < 0.5;
  const colours = Array.from({ length: count + 1 }, (_, index) => {
    const share = index / count;
    return colourAt(palette, reversed ? share : 1 - share);
  });
  // The last edge is below the picture, so that every layer has one in front of it.
  const edges = Array.from({ length: count + 1 }, (_, layer) => edgeOf(layer, count, width, height, seed));
  const depth = height / count;

  return (x, y) => {
    const column = Math.min(width - 1, Math.floor(x));
    let colour: Rgb = layerColour(0, column, y);
    for (let layer = 0; layer < count; layer++) {
      const covered = y - (edges[layer]?.[column] ?? 0) + 0.5;
      if (covered <= 0) break;
      colour = blend(colour, layerColour(layer + 1, column, y), Math.min(1, covered));
    }
    return colour;
  };

  function layerColour(index: number, column: number, y: number): Rgb {
    const top = index === 0 ? 0 : (edges[index - 1]?.[column] ?? 0);
    const ahead = ((edges[index]?.[column] ?? height) - y) / (depth * 0.22);
    const shadow = ahead > 0 ? 0.3 / (1 + ahead * ahead) : 0.3;
    const light = 1.1 - 0.16 * Math.min(1, Math.max(0, (y - top) / depth));
    return shade(colours[index] ?? [0, 0, 0], light * (1 - shadow));
  }
}

/** The upper edge of a layer: its y in each column. */
function edgeOf(layer: number, count: number, width: number, height: number, seed: number): Float64Array {
  const base = mix(0.18, 1.02, layer / count) * height;
  const swing = (height / count) * 1.5;
  const length = mix(0.75, 0.45, layer / count) * Math.max(width, height * 0.8);
  return Float64Array.from({ length: width }, (_, x) => {
    const bend = fractalNoise(seed + layer * 977, x / length + 31 * layer, layer * 7.3, 3) - 0.5;
    return layer === count ? height * 2 : base + bend * swing;
  });
}
