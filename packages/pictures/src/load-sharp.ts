/** The imaging library, as a function and its static methods. */
export type Sharp = typeof import('sharp').default;

/** Work on one picture that has not been done yet: operations are added, and a `toFile` or `toBuffer` does them. */
export type Pipeline = import('sharp').Sharp;

/** A layer that `Pipeline.composite` puts on a picture. */
export type Overlay = import('sharp').OverlayOptions;

/** The most pixels a picture may have to be read: 16384 x 16384, the largest that the upscaler makes. */
export const MAX_PIXELS = 16_384 * 16_384;

/** Everything else, SVG and PDF among them, can reach files or run programs of its own: it is never read. */
const LOADERS = ['Png', 'Jpeg', 'Webp', 'Heif', 'Tiff', 'Nsgif'].map((name) => `VipsForeignLoad${name}`);

let loaded: Promise<Sharp> | undefined;

/**
 * Loads sharp on first use and sets it up once for the whole process: only the loaders that are needed, no cache (every picture is read
 * once), and one thread a picture (pictures are worked on side by side in processes, each with its own memory limit).
 * Lazy, because the server loads node packages for their descriptions alone and never needs a pixel.
 */
export function loadSharp(): Promise<Sharp> {
  loaded ??= import('sharp').then(({ default: sharp }) => {
    sharp.cache(false);
    sharp.concurrency(1);
    sharp.block({ operation: ['VipsForeignLoad'] });
    sharp.unblock({ operation: LOADERS });
    return sharp;
  });
  return loaded;
}
