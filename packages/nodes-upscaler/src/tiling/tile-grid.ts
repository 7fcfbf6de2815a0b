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
  /** The core and its overlap. At the picture's edge it reaches beyond: what is there is for the reader to say. */
  read: Area;
}

/**
 * Cuts an area into even tiles of at most `corePx` a side, in rows from the top: each pixel is in the core of exactly one, and there is
 * no thin last tile.
 *
 * With an overlap of the network's receptive radius, tiles meet without a trace: a pixel's whole neighbourhood is in its tile.
 */
export function tileGrid(area: Area, corePx: number, overlapPx: number): Tile[][] {
  return evenParts(area.top, area.height, corePx).map(([top, height]) =>
    evenParts(area.left, area.width, corePx).map(([left, width]) => {
      const core = { left, top, width, height };
      return { core, read: grown(core, overlapPx) };
    }),
  );
}

/** Cuts a length into parts of at most `most`, equal but for one pixel, as `[start, length]`. */
export function evenParts(start: number, length: number, most: number): [start: number, length: number][] {
  const count = Math.ceil(length / most);
  const edge = (index: number) => start + Math.floor((length * index) / count);
  return Array.from({ length: count }, (_, index) => [edge(index), edge(index + 1) - edge(index)]);
}

function grown({ left, top, width, height }: Area, by: number): Area {
  return { left: left - by, top: top - by, width: width + 2 * by, height: height + 2 * by };
}
