import { noise2 } from '../noise.ts';
import type { Brief, Paint } from '../painter.ts';
import { colourAt, type Rgb, shade } from '../palette.ts';
import { hash32 } from '../random.ts';

type Point = readonly [number, number];

interface Triangle {
  corners: readonly [Point, Point, Point];
  colour: Rgb;
}

/** How far a corner may stray from its place in the grid, as a share of a cell. Below a half, so that cells keep their shape. */
const JITTER = 0.38;
/** Points that a pixel on an edge is looked at in, along each side. */
const SAMPLES = 4;

/** A crumpled sheet of triangles, its colours flowing through the palette. */
export function triangles({ width, height, seed, random, palette }: Brief): Paint {
  const cell = Math.max(4, Math.min(width, height) / random.whole(7, 10));
  const columns = Math.ceil(width / cell) + 2;
  const rows = Math.ceil(height / cell) + 2;
  const tilt = random.between(0.2, 0.8);
  const grid = Array.from({ length: columns * rows }, (_, index) =>
    cellTriangles(index % columns, Math.floor(index / columns)),
  );

  return (x, y) => {
    const found = triangleAt(x, y);
    // A picture's corner can lie a hair outside all triangles: rounding.
    if (!found) return palette[0] ?? [0, 0, 0];
    return found.toEdge > 0.75 ? found.triangle.colour : averageAround(x, y, found.triangle.colour);
  };

  function averageAround(x: number, y: number, otherwise: Rgb): Rgb {
    const sum = [0, 0, 0] as [number, number, number];
    for (let index = 0; index < SAMPLES * SAMPLES; index++) {
      const dx = ((index % SAMPLES) + 0.5) / SAMPLES - 0.5;
      const dy = (Math.floor(index / SAMPLES) + 0.5) / SAMPLES - 0.5;
      const colour = triangleAt(x + dx, y + dy)?.triangle.colour ?? otherwise;
      for (const channel of [0, 1, 2] as const) sum[channel] += colour[channel] / (SAMPLES * SAMPLES);
    }
    return sum;
  }

  function triangleAt(x: number, y: number): { triangle: Triangle; toEdge: number } | undefined {
    // The grid starts one cell outside the picture.
    const column = Math.floor(x / cell) + 1;
    const row = Math.floor(y / cell) + 1;
    for (const [across, down] of NEIGHBOURS) {
      if (column + across < 0 || column + across >= columns) continue;
      for (const triangle of grid[(row + down) * columns + column + across] ?? []) {
        const toEdge = distanceInside(triangle.corners, x, y);
        if (toEdge >= 0) return { triangle, toEdge };
      }
    }
    return undefined;
  }

  function cellTriangles(column: number, row: number): Triangle[] {
    const [a, b, c, d] = [
      corner(column, row),
      corner(column + 1, row),
      corner(column + 1, row + 1),
      corner(column, row + 1),
    ] as const;
    const halves =
      pick(column, row, 2) < 0.5
        ? ([
            [a, b, c],
            [a, c, d],
          ] as const)
        : ([
            [a, b, d],
            [b, c, d],
          ] as const);
    return halves.map((corners, half) => ({ corners, colour: colourOf(corners, pick(column, row, 3 + half)) }));
  }

  function corner(column: number, row: number): Point {
    const stray = (axis: number) => JITTER * (2 * pick(column, row, axis) - 1);
    return [(column - 1 + stray(0)) * cell, (row - 1 + stray(1)) * cell];
  }

  function colourOf([a, b, c]: readonly [Point, Point, Point], chance: number): Rgb {
    const x = (a[0] + b[0] + c[0]) / (3 * width);
    const y = (a[1] + b[1] + c[1]) / (3 * height);
    const flow = tilt * x + (1 - tilt) * y + 0.5 * (noise2(seed, 2 * x, 2 * y) - 0.5);
    return shade(colourAt(palette, flow), 0.9 + 0.2 * chance);
  }

  function pick(column: number, row: number, salt: number): number {
    return (hash32(hash32(column * 8191 + row) ^ Math.imul(seed + salt, 0x9e3779b1)) >>> 0) / 4_294_967_296;
  }
}

/** Jitter moves a cell's edges into its neighbours, so they are looked at too; the cell itself first. */
const NEIGHBOURS = [0, -1, 1].flatMap((down) => [0, -1, 1].map((across) => [across, down] as const));

/** How far a point is inside a triangle: the distance to its nearest edge, negative outside. */
function distanceInside([a, b, c]: readonly [Point, Point, Point], x: number, y: number): number {
  return Math.min(beside(a, b, x, y), beside(b, c, x, y), beside(c, a, x, y));
}

function beside(from: Point, to: Point, x: number, y: number): number {
  const dx = to[0] - from[0];
  const dy = to[1] - from[1];
  return (dx * (y - from[1]) - dy * (x - from[0])) / Math.sqrt(dx * dx + dy * dy);
}
