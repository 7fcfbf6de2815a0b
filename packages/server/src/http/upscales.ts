import type { AcceptedUpscaleBatch, Failure, RouteRequest, routes, Upscale } from '@imaginarium/protocol';
import type { Request } from 'express';
import { hashOfRequest, repeatedUpscales, startUpscales } from '../assets/start-upscales.ts';
import { batchUrl } from '../assets/status-url.ts';
import type { UpscaleItem } from '../assets/upscale-list.ts';
import { HookTokens, shownKey } from '../triggers/hook-token.ts';
import type { AppDeps } from './app-deps.ts';
import type { Handlers } from './handler.ts';
import { HttpError, notFound } from './http-error.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';
import { findSource, findSources } from './upscale-sources.ts';

type UpscaleRoute =
  | 'startUpscale'
  | 'startUpscaleBatch'
  | 'getUpscale'
  | 'listWebhooks'
  | 'sendWebhookAgain'
  | 'getUpscaleBatch'
  | 'getUpscaleWebhookSecret';
type Wish = Omit<RouteRequest<(typeof routes)['startUpscaleBatch']>['body'], 'items'>;

/** Upscales that other applications ask for: one picture or several, and how they stand. */
export function upscaleHandlers(deps: AppDeps): Pick<Handlers, UpscaleRoute> {
  const tokens = new HookTokens(deps.sessionSecret);
  return {
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
