import { noise2, smooth } from '../noise.ts';
import type { Brief, Paint } from '../painter.ts';
import { blend, colourAt, type Rgb, shade } from '../palette.ts';

interface Bubble {
  x: number;
  y: number;
  radius: number;
  colour: Rgb;
}

/** Glassy bubbles of many sizes over a soft gradient. */
export function bubbles({ width, height, seed, random, palette }: Brief): Paint {
  const span = Math.min(width, height);
  const count = random.whole(34, 52);
  const list = Array.from({ length: count }, (_, index): Bubble => {
    const size = 1 - index / count;
    return {
      x: random.between(-0.05, 1.05) * width,
      y: random.between(-0.05, 1.05) * height,
      radius: Math.max(2, span * (0.015 + 0.2 * size * size * random.between(0.6, 1))),
      colour: colourAt(palette, random.next()),
    };
  });
  const cellSize = Math.max(16, Math.ceil(span / 16));
  const columns = Math.ceil(width / cellSize);
  const cells = bubblesByCell(list, cellSize, columns, Math.ceil(height / cellSize));

  return (x, y) => {
    const drift = 0.25 * (noise2(seed, (2 * x) / span, (2 * y) / span) - 0.5);
    let colour = shade(colourAt(palette, 0.1 + 0.6 * (y / height) + drift), 0.94);
    for (const bubble of cells[Math.floor(y / cellSize) * columns + Math.floor(x / cellSize)] ?? [])
      colour = over(colour, bubble, x, y);
    return colour;
  };
}

function over(below: Rgb, { x, y, radius, colour }: Bubble, px: number, py: number): Rgb {
  const dx = px - x;
  const dy = py - y;
  const distance = length(dx, dy);
  if (distance >= radius + 0.5) return below;
  const share = Math.min(1, distance / radius);
  const body = 0.22 + 0.5 * share * share * share * share;
  const glint = 1 - length(dx + 0.38 * radius, dy + 0.42 * radius) / (0.42 * radius);
  const edge = Math.min(1, radius + 0.5 - distance);
  const filled = blend(below, shade(colour, 1.05), body * edge);
  return glint > 0 ? blend(filled, [255, 255, 255], 0.5 * smooth(glint) * edge) : filled;
}

function length(x: number, y: number): number {
  return Math.sqrt(x * x + y * y);
}

/** Which bubbles touch each square of the picture, in the order they are painted. */
function bubblesByCell(list: readonly Bubble[], cellSize: number, columns: number, rows: number): Bubble[][] {
  const cells: Bubble[][] = Array.from({ length: columns * rows }, () => []);
  const clampTo = (value: number, last: number) => Math.min(last, Math.max(0, Math.floor(value / cellSize)));
  for (const bubble of list) {
    const reach = bubble.radius + 1;
    for (let row = clampTo(bubble.y - reach, rows - 1); row <= clampTo(bubble.y + reach, rows - 1); row++)
      for (
        let column = clampTo(bubble.x - reach, columns - 1);
        column <= clampTo(bubble.x + reach, columns - 1);
        column++
      )
        cells[row * columns + column]?.push(bubble);
  }
  return cells;
}
