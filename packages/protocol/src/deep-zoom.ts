import { z } from 'zod';

/** What a viewer needs to know of a picture that is cut into tiles: what a Deep Zoom descriptor (`.dzi`) says. */
export const tiledPictureSchema = z.strictObject({
  state: z.literal('ready'),
  /** Pixels of the whole picture as shown: after its orientation is applied. */
  width: z.int().positive(),
  height: z.int().positive(),
  /** Pixels of a tile's side, without its overlap. */
  tileSize: z.int().positive(),
  /** Pixels that a tile has in common with each neighbour. */
  overlap: z.int().nonnegative(),
  /** How the tiles are written, and the ending of their names. WebP where the picture has transparency. */
  format: z.enum(['jpeg', 'webp']),
});
export type TiledPicture = z.infer<typeof tiledPictureSchema>;

/** A picture as deep zoom: its tiles, or how far they are. */
export const deepZoomSchema = z.discriminatedUnion('state', [
  tiledPictureSchema,
  z.strictObject({
    state: z.literal('making'),
    /** From 0 to 1. */
    share: z.number().min(0).max(1),
  }),
]);
export type DeepZoom = z.infer<typeof deepZoomSchema>;

/** The level of a picture's tiles that has all of its pixels; each below has half as many a side, down to one pixel at level 0. */
export function topLevel({ width, height }: Pick<TiledPicture, 'width' | 'height'>): number {
  return Math.ceil(Math.log2(Math.max(width, height)));
}
