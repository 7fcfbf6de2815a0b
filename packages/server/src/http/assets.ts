import type { Asset } from '@imaginarium/protocol';
import type { WorkspaceStores } from '../workspace-stores.ts';
import type { Handlers } from './handler.ts';
import { HttpError, notFound } from './http-error.ts';

type AssetRoute = 'listAssets' | 'registerAsset' | 'getAsset' | 'renameAsset' | 'deleteAsset';

/** Assets: found, registered, renamed and deleted. */
export function assetHandlers(): Pick<Handlers, AssetRoute> {
  return {
    listAssets: ({ stores, query }) => stores.assets.list(query),

    async registerAsset({ stores, body, res }) {
      const { fileId, ...rest } = body;
      const { createdAt: _, ...original } = await findPicture(stores, fileId);
      const asset = await stores.assets.register({ ...rest, original });
      res.location(`/api/v1/assets/${asset.id}`);
      return asset;
    },

    getAsset: async ({ stores, params }) => there(await stores.assets.get(params.id), params.id),

    renameAsset: async ({ stores, params, body }) => there(await stores.assets.rename(params.id, body.name), params.id),

    async deleteAsset({ stores, params }) {
      if (!(await stores.assets.delete(params.id))) throw notFound('asset', params.id);
      return undefined;
    },
  };
}

function there(asset: Asset | undefined, id: string): Asset {
  if (!asset) throw notFound('asset', id);
  return asset;
}

/** A picture of the workspace. @throws {HttpError} `not-found`, or `bad-file` for a file that is no picture. */
export async function findPicture(stores: Pick<WorkspaceStores, 'files'>, fileId: string) {
  const file = await stores.files.get(fileId);
  if (!file) throw notFound('file', fileId);
  if (file.kind !== 'image')
    throw new HttpError('bad-file', `${file.name}: expected a picture, received ${file.mime}. Assets are pictures.`);
  return file;
}
