import type { AppDeps } from './app-deps.ts';
import { findFile } from './files.ts';
import type { Handlers } from './handler.ts';
import { HttpError } from './http-error.ts';
import { sendMade } from './send-file.ts';

type DeepZoomRoute = 'getDeepZoom' | 'getDeepZoomTile';

/** Pictures too large for a browser, tile by tile, as far as the workspace owns them. */
export function deepZoomHandlers({ deepZooms }: Pick<AppDeps, 'deepZooms'>): Pick<Handlers, DeepZoomRoute> {
  return {
    async getDeepZoom({ stores, params }) {
      const file = await findFile(stores, params.id);
      if (file.kind !== 'image') throw new HttpError('not-found', `${file.name} is not a picture: it has no tiles.`);
      return deepZooms.get(file);
    },

    async getDeepZoomTile({ stores, params: { id, level, tile }, req, res }) {
      await findFile(stores, id);
      const path = deepZooms.tilePath(id, Number(level), tile);
      const mime = tile.endsWith('.webp') ? 'image/webp' : 'image/jpeg';
      try {
        await sendMade(req, res, { path, mime, etag: `${id}-${level}-${tile}` });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
        throw new HttpError('not-found', `There is no tile ${level}/${tile}. Ask for the tiles of the picture first.`);
      }
      return undefined;
    },
  };
}
