import { type Asset, isTerminal } from '@imaginarium/protocol';
import { type CancelDeps, cancelRun } from '../runs/cancel-run.ts';
import type { WorkspaceStores } from '../workspace-stores.ts';
import type { Handlers } from './handler.ts';
import { HttpError, notFound } from './http-error.ts';

type AssetRoute = 'listAssets' | 'registerAsset' | 'getAsset' | 'renameAsset' | 'deleteAsset';

/** Assets: found, registered, renamed and deleted. */
export function assetHandlers(deps: CancelDeps): Pick<Handlers, AssetRoute> {
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
      await cancelUpscales(deps, stores, params.id);
      if (!(await stores.assets.delete(params.id))) throw notFound('asset', params.id);
      return undefined;
    },
  };
}

/** Ends the runs that work on an asset and on nothing else: nobody would see what they make. */
async function cancelUpscales(deps: CancelDeps, stores: WorkspaceStores, assetId: string): Promise<void> {
  const versions = (await stores.assets.get(assetId))?.versions ?? [];
  for (const { runId } of versions.filter(({ endedAt }) => endedAt === null)) {
    const upscales = await stores.upscales.ofRun(runId);
    const record = upscales.every(({ upscale }) => upscale.asset.id === assetId) && (await stores.runs.get(runId));
    if (record && !isTerminal(record.run.state)) await cancelRun(deps, record.run);
  }
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
