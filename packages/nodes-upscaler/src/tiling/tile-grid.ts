/** A rectangle inside a picture, in whole pixels. */
export interface Area {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** A piece of a picture: `core` is what it gives, `read` what is looked at to give it. */
export interface Tile {
  core: Area;
  /** The core and its overlap, as far as the picture goes. */
  read: Area;
}

/**
 * Cuts an area into even tiles of at most `corePx` a side, in rows from the top: each pixel is in the core of exactly one, and there is
 * no thin last tile.
 *
 * With an overlap of the network's receptive radius, tiles meet without a trace: a pixel's whole neighbourhood is in its tile, and at the
 * picture's edge, where the network pads, the tile ends too.
 */
export function tileGrid(
  area: Area,
  picture: { width: number; height: number },
  corePx: number,
  overlapPx: number,
): Tile[][] {
  return evenParts(area.top, area.height, corePx).map(([top, height]) =>
    evenParts(area.left, area.width, corePx).map(([left, width]) => {
      const core = { left, top, width, height };
      return { core, read: grown(core, overlapPx, picture) };
    }),
  );
}

/** Cuts a length into parts of at most `most`, equal but for one pixel, as `[start, length]`. */
export function evenParts(start: number, length: number, most: number): [start: number, length: number][] {
  const count = Math.ceil(length / most);
  const edge = (index: number) => start + Math.floor((length * index) / count);
  return Array.from({ length: count }, (_, index) => [edge(index), edge(index + 1) - edge(index)]);
}

/** An area made larger on all sides, but not over the picture's edge. */
export function grown(area: Area, by: number, picture: { width: number; height: number }): Area {
  const left = Math.max(0, area.left - by);
  const top = Math.max(0, area.top - by);
  return {
    left,
    top,
    width: Math.min(picture.width, area.left + area.width + by) - left,
    height: Math.min(picture.height, area.top + area.height + by) - top,
  };
}
