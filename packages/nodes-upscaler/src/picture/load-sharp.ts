/** The imaging library, as a function and its static methods. */
export type Sharp = typeof import('sharp').default;

/** The most pixels a picture may have to be read: 16384 x 16384, the largest that the upscaler makes. */
export const MAX_PIXELS = 16_384 * 16_384;

/** Everything else, SVG and PDF among them, can reach files or run programs of its own: it is never read. */
const LOADERS = ['Png', 'Jpeg', 'Webp', 'Heif', 'Tiff', 'Nsgif'].map((name) => `VipsForeignLoad${name}`);

let loaded: Promise<Sharp> | undefined;

/**
 * Loads sharp on first use and sets it up once: no cache of its own (every picture is read once), and only the loaders that are needed.
 * Lazy, because the server loads this package for its descriptions alone and never needs a pixel.
 */
export function loadSharp(): Promise<Sharp> {
  loaded ??= import('sharp').then(({ default: sharp }) => {
    sharp.cache(false);
    sharp.block({ operation: ['VipsForeignLoad'] });
    sharp.unblock({ operation: LOADERS });
    return sharp;
  });
  return loaded;
}
