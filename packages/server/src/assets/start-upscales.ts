import { createHash } from 'node:crypto';
import { type FileRef, type JsonObject, type Run, stableStringify, type UpscaleTier } from '@imaginarium/protocol';
import { HttpError } from '../http/http-error.ts';
import { acceptRun, type RunDeps, type RunStarter } from '../runs/accept-run.ts';
import type { WorkspaceStores } from '../workspace-stores.ts';
import { acceptWithUpscales } from './accept-with-upscales.ts';
import { priceUpscaleRun, upscaleRun } from './price-upscale.ts';
import type { NewUpscale, UpscaleItem } from './upscale-list.ts';
import { sharesOf } from './upscale-results.ts';

/** Pictures that somebody wants upscaled, in one run. */
export interface UpscaleRequest {
  tier: UpscaleTier;
  params: JsonObject;
  webhookUrl: string | null;
  maxCredits: number | undefined;
  /** In order, each with the asset that it is, or will be, of. */
  pictures: readonly UpscalePicture[];
  /** Whether they came as a batch: then one that fails does not end the others. */
  isBatch: boolean;
  /** Left out for a request without a key. */
  idempotency: { key: string; requestHash: string } | undefined;
}

export interface UpscalePicture extends Pick<NewUpscale, 'item' | 'asset'> {
  file: FileRef;
}

/** A run that was accepted, or had been under the same key. */
export interface StartedUpscales {
  run: Run;
  upscales: UpscaleItem[];
}

/** What makes two requests the same one. */
export function hashOfRequest(body: object): string {
  return createHash('sha256')
    .update(`upscale\n${stableStringify(body)}`)
    .digest('hex');
}

/**
 * Starts the run that upscales pictures, with a version of an asset for each. When this returns, the run is never lost, and its results come to
 * their versions.
 * @throws {HttpError} as {@link acceptRun} does; then nothing is left of the request.
 */
export async function startUpscales(
  deps: RunDeps,
  { principal, stores }: { principal: RunStarter; stores: WorkspaceStores },
  request: UpscaleRequest,
): Promise<StartedUpscales> {
  const { tier, pictures, webhookUrl } = request;
  const asked = { ...request, files: pictures.map(({ file }) => file) };
  const { graph, workflow, inputs } = await upscaleRun({ stores }, asked);
  const { quote } = await priceUpscaleRun(deps, { principal, stores }, { graph, workflow, inputs });
  const shares = sharesOf(quote.total, [...pictures.keys()]);
  const noted = {
    ...{ tier, webhookUrl, estimateMs: quote.estimateMs },
    leftOut: quote.nodes.flatMap(({ remarks = [] }) => remarks),
    pictures: pictures.map(({ item, asset }, place) => ({ place, item, asset, credits: shares.get(place) ?? 0 })),
  };
  const { key: idempotencyKey, requestHash } = request.idempotency ?? {};
  const { maxCredits } = request;
  const run = await acceptWithUpscales(stores, noted, (id) =>
    acceptRun(
      deps,
      { principal, stores },
      { id, workflow, version: null, graph, inputs, maxCredits, idempotencyKey, requestHash },
    ),
  );
  return { run, upscales: await upscalesOf(stores, run) };
}

/** What was answered to the same request before; undefined where it is a new one. @throws {IdempotencyMismatchError} */
export async function repeatedUpscales(
  { runStore }: Pick<RunDeps, 'runStore'>,
  { principal, stores }: { principal: RunStarter; stores: WorkspaceStores },
  idempotency: UpscaleRequest['idempotency'],
): Promise<StartedUpscales | undefined> {
  const run = idempotency && (await runStore.findRepeated(principal.workspace.id, idempotency));
  return run && { run, upscales: await upscalesOf(stores, run) };
}

async function upscalesOf(stores: WorkspaceStores, run: Run): Promise<UpscaleItem[]> {
  const upscales = await stores.upscales.ofRun(run.id);
  if (upscales.length > 0) return upscales;
  throw new HttpError(
    'not-found',
    'This was upscaled before, and its asset was deleted since. Send it with another Idempotency-Key.',
  );
}
