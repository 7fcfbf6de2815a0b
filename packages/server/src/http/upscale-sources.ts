import type { FileStore } from '@imaginarium/engine';
import { type Failure, type FileRef, type RouteRequest, refuseUpscale, type routes } from '@imaginarium/protocol';
import type { UpscalePicture, UpscaleRequest } from '../assets/start-upscales.ts';
import type { WorkspaceStores } from '../workspace-stores.ts';
import type { AppDeps } from './app-deps.ts';
import { findPicture } from './assets.ts';
import type { Call } from './handler.ts';
import { HttpError, notFound } from './http-error.ts';
import { asHttpError } from './known-errors.ts';

type Picture = RouteRequest<(typeof routes)['startUpscaleBatch']>['body']['items'][number];
type SourceDeps = Pick<AppDeps, 'legacyFolders' | 'fileStore'>;
export type Caller = Pick<Call<(typeof routes)['startUpscale']>, 'principal' | 'stores'>;

/** The file that a picture is, and the asset that it is, or will be, of. @throws {HttpError} */
export async function findSource(
  deps: SourceDeps,
  caller: Caller,
  picture: Picture,
  { item, wish }: { item: number; wish: Pick<UpscaleRequest, 'tier' | 'params'> },
): Promise<UpscalePicture> {
  const found = await findFile(deps, caller, picture);
  const refusal = wish.params.tooLarge === 'fit' ? undefined : refuseUpscale(found.file, wish.tier);
  if (refusal !== undefined)
    throw new HttpError('input-invalid', `${refusal} Send a smaller one, or the param "tooLarge": "fit".`);
  return { item, ...found };
}

async function findFile(
  deps: SourceDeps,
  { stores, principal }: Caller,
  picture: Picture,
): Promise<Omit<UpscalePicture, 'item'>> {
  const { fileId, assetId, sourcePath, name, sourceApp, sourceId } = picture;
  if (assetId !== undefined) {
    const { file, asset } = await originalOf(stores, assetId);
    await refuseLost(deps.fileStore(principal.workspace.id), file);
    return { file, asset: { id: asset.id } };
  }
  const file =
    sourcePath === undefined ? await uploaded(stores, fileId ?? '') : await inPlace(deps, stores, sourcePath);
  return { file, asset: { original: file, name, sourceApp, sourceId } };
}

async function uploaded(stores: WorkspaceStores, fileId: string): Promise<FileRef> {
  const { createdAt: _, ...file } = await findPicture(stores, fileId);
  return file;
}

async function inPlace({ legacyFolders }: SourceDeps, stores: WorkspaceStores, sourcePath: string): Promise<FileRef> {
  const file = await legacyFolders.register(sourcePath);
  await stores.files.add(file);
  return file;
}

/** A file that is read where it lies may have been changed there: better said now than by a run that fails. @throws {FileMissingError} */
async function refuseLost(store: FileStore, { id }: FileRef): Promise<void> {
  for await (const _ of await store.open(id, { start: 0, end: 0 })) return;
}

/** An asset whose original is here. @throws {HttpError} */
export async function originalOf(stores: WorkspaceStores, assetId: string) {
  const asset = await stores.assets.get(assetId);
  if (!asset) throw notFound('asset', assetId);
  const { original: file, originalState } = asset;
  if (file) return { file, asset };
  throw new HttpError(
    'file-missing',
    `The original of ${asset.name} was ${originalState}. Upload it again, and name it by fileId.`,
  );
}

/** The pictures of a batch that can be found; the others are told beside them. @throws {HttpError} of the first where none can. */
export async function findSources(
  deps: SourceDeps,
  caller: Caller,
  items: readonly Picture[],
  wish: Pick<UpscaleRequest, 'tier' | 'params'>,
): Promise<{ pictures: UpscalePicture[]; refused: Map<number, Failure> }> {
  const { found, refused } = await findEach(items, (item, index) =>
    findSource(deps, caller, item, { item: index, wish }),
  );
  return { pictures: [...found.values()], refused };
}

/** The originals of assets that are here, by their places; the others are told beside them. @throws {HttpError} of the first where none is. */
export function findOriginals(deps: SourceDeps, caller: Caller, assetIds: readonly string[]) {
  return findEach(assetIds, async (assetId) => (await findFile(deps, caller, { assetId })).file);
}

async function findEach<Asked, Found>(
  asked: readonly Asked[],
  find: (one: Asked, index: number) => Promise<Found>,
): Promise<{ found: Map<number, Found>; refused: Map<number, Failure> }> {
  const found = new Map<number, Found>();
  const refused = new Map<number, Failure>();
  let first: HttpError | undefined;
  for (const [index, one] of asked.entries()) {
    try {
      found.set(index, await find(one, index));
    } catch (error) {
      const refusal = asHttpError(error);
      if (!refusal) throw error;
      first ??= refusal;
      refused.set(index, { code: refusal.code, message: refusal.message });
    }
  }
  if (found.size === 0 && first) throw first;
  return { found, refused };
}
