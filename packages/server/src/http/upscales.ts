import type { FileStore } from '@imaginarium/engine';
import {
  type AcceptedUpscaleBatch,
  type Failure,
  type FileRef,
  type RouteRequest,
  refuseUpscale,
  type routes,
  type Upscale,
  upscaleTierSchema,
} from '@imaginarium/protocol';
import type { Request } from 'express';
import { priceUpscale } from '../assets/price-upscale.ts';
import {
  hashOfRequest,
  repeatedUpscales,
  startUpscales,
  type UpscalePicture,
  type UpscaleRequest,
} from '../assets/start-upscales.ts';
import { batchUrl } from '../assets/status-url.ts';
import type { UpscaleItem } from '../assets/upscale-list.ts';
import { workspaceQuote } from '../runs/workspace-quote.ts';
import { HookTokens, shownKey } from '../triggers/hook-token.ts';
import type { WorkspaceStores } from '../workspace-stores.ts';
import type { AppDeps } from './app-deps.ts';
import { findPicture } from './assets.ts';
import type { Call, Handlers } from './handler.ts';
import { HttpError, notFound } from './http-error.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';
import { asHttpError } from './known-errors.ts';

type UpscaleRoute =
  | 'quoteUpscales'
  | 'startUpscale'
  | 'startUpscaleBatch'
  | 'getUpscale'
  | 'listWebhooks'
  | 'sendWebhookAgain'
  | 'getUpscaleBatch'
  | 'getUpscaleWebhookSecret';
type Picture = RouteRequest<(typeof routes)['startUpscaleBatch']>['body']['items'][number];
type Wish = Omit<RouteRequest<(typeof routes)['startUpscaleBatch']>['body'], 'items'>;

/** Upscales that other applications ask for: one picture or several, and how they stand. */
export function upscaleHandlers(deps: AppDeps): Pick<Handlers, UpscaleRoute> {
  const tokens = new HookTokens(deps.sessionSecret);
  return {
    async quoteUpscales({ stores, principal, params }) {
      const { file } = await originalOf(stores, params.id);
      const quotes = [];
      for (const tier of upscaleTierSchema.options) {
        const asked = { tier, params: {}, files: [file], isBatch: false };
        const { priced } = await priceUpscale(deps, { principal, stores }, asked);
        quotes.push({ tier, quote: await workspaceQuote(priced, deps, stores) });
      }
      return { quotes };
    },

    async startUpscale({ stores, principal, body, req, res }) {
      const caller = { principal, stores };
      const wish = wishOf(req, body);
      const { run, upscales } =
        (await repeatedUpscales(deps, caller, wish.idempotency)) ??
        (await startUpscales(deps, caller, {
          ...wish,
          ...{ pictures: [await findSource(deps, caller, body, { item: 0, wish })], isBatch: false },
        }));
      const [only] = upscales;
      if (!only) throw new Error(`Run ${run.id} upscales nothing.`);
      res.location(only.upscale.statusUrl);
      return only.upscale;
    },

    async startUpscaleBatch({ stores, principal, body, req, res }) {
      const caller = { principal, stores };
      const wish = wishOf(req, body);
      const repeated = await repeatedUpscales(deps, caller, wish.idempotency);
      const { pictures, refused } = repeated
        ? { pictures: [], refused: new Map<number, Failure>() }
        : await findSources(deps, caller, body.items, wish);
      const started = repeated ?? (await startUpscales(deps, caller, { ...wish, pictures, isBatch: true }));
      const batch = acceptedBatch(started, body.items.length, refused);
      res.location(batch.statusUrl);
      return batch;
    },

    async getUpscale({ stores, params }) {
      const upscale = await stores.upscales.get(params.id);
      if (!upscale) throw notFound('upscale', params.id);
      return upscale;
    },

    async listWebhooks({ stores, params }) {
      if (!(await stores.assets.get(params.id))) throw notFound('asset', params.id);
      return { webhooks: await stores.upscales.webhooksOf(params.id) };
    },

    async sendWebhookAgain({ stores, params }) {
      const { webhook } = (await stores.upscales.get(params.id)) ?? {};
      if (webhook === undefined) throw notFound('upscale', params.id);
      if (webhook === null) throw new HttpError('bad-request', 'No webhook was asked for with this upscale.');
      if (webhook.state === 'waiting')
        throw new HttpError('bad-request', 'This upscale has not ended yet. Its application is told when it has.');
      await stores.upscales.sendAgain(params.id);
      const again = await stores.upscales.get(params.id);
      if (!again) throw notFound('upscale', params.id);
      return again;
    },

    async getUpscaleBatch({ stores, params }) {
      const upscales = await stores.upscales.ofRun(params.id);
      if (upscales.length === 0) throw notFound('batch', params.id);
      return { id: params.id, statusUrl: batchUrl(params.id), upscales: upscales.map(({ upscale }) => upscale) };
    },

    getUpscaleWebhookSecret: ({ principal }) => ({ secret: shownKey(tokens.workspaceKey(principal.workspace.id)) }),
  };
}

function wishOf(req: Request, body: Wish) {
  const key = idempotencyKeyOf(req);
  const { tier, params = {}, webhookUrl = null, maxCredits } = body;
  const idempotency = key === undefined ? undefined : { key, requestHash: hashOfRequest(body) };
  return { tier, params, webhookUrl, maxCredits, idempotency };
}

/** The file that a picture is, and the asset that it is, or will be, of. @throws {HttpError} */
async function findSource(
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

type SourceDeps = Pick<AppDeps, 'legacyFolders' | 'fileStore'>;
type Caller = Pick<Call<(typeof routes)['startUpscale']>, 'principal' | 'stores'>;

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
async function originalOf(stores: WorkspaceStores, assetId: string) {
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
async function findSources(
  deps: SourceDeps,
  caller: Caller,
  items: readonly Picture[],
  wish: Pick<UpscaleRequest, 'tier' | 'params'>,
): Promise<{ pictures: UpscalePicture[]; refused: Map<number, Failure> }> {
  const pictures: UpscalePicture[] = [];
  const refused = new Map<number, Failure>();
  let first: HttpError | undefined;
  for (const [index, item] of items.entries()) {
    try {
      pictures.push(await findSource(deps, caller, item, { item: index, wish }));
    } catch (error) {
      const refusal = asHttpError(error);
      if (!refusal) throw error;
      first ??= refusal;
      refused.set(index, { code: refusal.code, message: refusal.message });
    }
  }
  if (pictures.length === 0 && first) throw first;
  return { pictures, refused };
}

/** @param refused why items are not among the upscales; nobody knows any more for a request that was repeated. */
function acceptedBatch(
  { run, upscales }: { run: { id: string }; upscales: readonly UpscaleItem[] },
  count: number,
  refused: ReadonlyMap<number, Failure>,
): AcceptedUpscaleBatch {
  const begun = new Map(upscales.map(({ item, upscale }) => [item, upscale]));
  const all = [...begun.values()];
  return {
    ...{ id: run.id, statusUrl: batchUrl(run.id) },
    items: Array.from({ length: count }, (_, item) => {
      const upscale = begun.get(item) ?? null;
      return { upscale, error: upscale ? null : (refused.get(item) ?? REFUSED_BEFORE) };
    }),
    estimate: { credits: sum(all, ({ estimate }) => estimate.credits), ms: all[0]?.estimate.ms ?? 0 },
  };
}

const REFUSED_BEFORE: Failure = {
  code: 'bad-request',
  message: 'This picture was refused when the request first came. Send it in a request of its own to learn why.',
};

function sum(upscales: readonly Upscale[], of: (upscale: Upscale) => number): number {
  return upscales.reduce((total, upscale) => total + of(upscale), 0);
}
