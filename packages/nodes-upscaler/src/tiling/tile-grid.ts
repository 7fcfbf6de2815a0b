import type { ModelSizes } from '@imaginarium/node-sdk';

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
 * @param mostRows the most rows of a tile, where that is less than `corePx`.
 */
export function tileGrid(area: Area, corePx: number, overlapPx: number, mostRows = corePx): Tile[][] {
  return evenParts(area.top, area.height, Math.min(corePx, mostRows)).map(([top, height]) =>
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

/**
 * Widens what is read of a picture to sides that a network takes. Multiples begin at multiples too: a network that folds squares of pixels
 * sees the same squares in every tile.
 * @throws {Error} when the area is larger than the one size the network takes.
 */
export function widenedTo(sizes: ModelSizes, { left, top, width, height }: Area): Area {
  if (sizes.kind === 'any') return { left, top, width, height };
  if (sizes.kind === 'fixed') {
    if (width > sizes.width || height > sizes.height)
      throw new Error(`A tile of ${width} x ${height} pixels does not fit into ${sizes.width} x ${sizes.height}.`);
    return { left, top, width: sizes.width, height: sizes.height };
  }
  const { of } = sizes;
  const [from, above] = [Math.floor(left / of) * of, Math.floor(top / of) * of];
  return {
    ...{ left: from, top: above },
    width: Math.ceil((left + width - from) / of) * of,
    height: Math.ceil((top + height - above) / of) * of,
  };
}
