import { z } from 'zod';
import { upscaleTierSchema } from '../asset.ts';
import { failureSchema } from '../error.ts';
import { jsonObjectSchema } from '../item.ts';
import { workspaceQuoteSchema } from '../quote.ts';
import type { Route } from '../route.ts';
import { acceptedUpscaleBatchSchema, upscaleBatchSchema, upscaleSchema, webhookStateSchema } from '../upscale.ts';
import { assetSource, namesItsApp } from './asset-routes.ts';
import { displayName, idParams } from './shared.ts';

/** Pictures that are named in one request; tiers may take fewer in a run. */
const MOST_PICTURES = 200;

/** The picture to upscale: one of the first three says which. */
const picture = {
  /** An uploaded file. */
  fileId: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  /** An asset that is known already, of which this becomes the next version. */
  assetId: z.uuid().optional(),
  /** The absolute path of a file in a folder that the server is allowed to read in place. */
  sourcePath: z.string().min(1).max(4096).optional(),
  /** The name of the asset; that of the file when left out. */
  name: displayName.optional(),
  ...assetSource,
};

const namesOnePicture = [
  ({ fileId, assetId, sourcePath }: { fileId?: unknown; assetId?: unknown; sourcePath?: unknown }) =>
    [fileId, assetId, sourcePath].filter((given) => given !== undefined).length === 1,
  { message: 'exactly one of fileId, assetId and sourcePath' },
] as const;

/** An asset has its name and its source already. */
const isAnotherAsset = [
  ({
    assetId,
    name,
    sourceApp,
    sourceId,
  }: {
    assetId?: unknown;
    name?: unknown;
    sourceApp?: unknown;
    sourceId?: unknown;
  }) => assetId === undefined || [name, sourceApp, sourceId].every((given) => given === undefined),
  { path: ['assetId'] as string[], message: 'no name, sourceApp or sourceId beside it' },
] as const;

/** How it is upscaled, and who is told. */
const wish = {
  tier: upscaleTierSchema,
  /** Params of the tier's node, such as `{ "format": "png" }`; its defaults where left out. */
  params: jsonObjectSchema.optional(),
  /** Called with a signed POST when it has ended. */
  webhookUrl: z
    .url({ protocol: /^https?$/, error: 'expected an address such as https://app.example.com/hooks/upscales' })
    .max(2000)
    .optional(),
  /** Refused when it costs more credits than this. */
  maxCredits: z.int().min(0).optional(),
};

/** What several assets would come to in one tier. */
const batchQuoteSchema = z.strictObject({
  tier: upscaleTierSchema,
  /** Of those that are not refused; null where the tier cannot be had. */
  quote: workspaceQuoteSchema.nullable(),
  /** Why the tier cannot be had, such as too many pictures for it. */
  error: failureSchema.nullable(),
  /** Assets that would be left out, by their places in the request, counted from 0. */
  refused: z.array(z.strictObject({ item: z.int().min(0), error: failureSchema })),
});
export type BatchQuote = z.infer<typeof batchQuoteSchema>;

/** Upscales that other applications ask for. */
export const upscaleRoutes = {
  quoteUpscales: {
    method: 'get',
    path: '/assets/:id/quotes',
    tag: 'Upscales',
    access: 'viewer',
    summary: 'Credits and time of an upscale of an asset in each tier, before it is asked for',
    params: idParams,
    response: z.strictObject({
      quotes: z.array(z.strictObject({ tier: upscaleTierSchema, quote: workspaceQuoteSchema })),
    }),
  },
  quoteUpscaleBatch: {
    method: 'post',
    path: '/upscales/batches/quote',
    tag: 'Upscales',
    access: 'viewer',
    summary: 'Credits and time of an upscale of several assets in one run, in each tier, and which it would leave out',
    body: z.strictObject({ assetIds: z.array(z.uuid()).min(1).max(MOST_PICTURES) }),
    response: z.strictObject({ quotes: z.array(batchQuoteSchema) }),
  },
  startUpscale: {
    method: 'post',
    path: '/upscales',
    tag: 'Upscales',
    access: 'editor',
    summary: 'Upscale a picture. The header Idempotency-Key makes a repeat answer with the first one',
    body: z
      .strictObject({ ...picture, ...wish })
      .refine(...namesItsApp)
      .refine(...namesOnePicture)
      .refine(...isAnotherAsset),
    response: upscaleSchema,
    status: 202,
  },
  startUpscaleBatch: {
    method: 'post',
    path: '/upscales/batches',
    tag: 'Upscales',
    access: 'editor',
    summary: 'Upscale several pictures in one run, each with a result of its own. Honours Idempotency-Key',
    body: z.strictObject({
      items: z
        .array(
          z
            .strictObject(picture)
            .refine(...namesItsApp)
            .refine(...namesOnePicture)
            .refine(...isAnotherAsset),
        )
        .min(1)
        .max(MOST_PICTURES),
      ...wish,
    }),
    response: acceptedUpscaleBatchSchema,
    status: 202,
  },
  getUpscaleWebhookSecret: {
    method: 'get',
    path: '/upscales/webhook-secret',
    tag: 'Upscales',
    access: 'admin',
    summary: 'The key that webhooks about upscales of this workspace are signed with, as Standard Webhooks write it',
    response: z.strictObject({ secret: z.string() }),
  },
  getUpscale: {
    method: 'get',
    path: '/upscales/:id',
    tag: 'Upscales',
    access: 'viewer',
    summary: 'How an upscale stands, by the id of its version',
    params: idParams,
    response: upscaleSchema,
  },
  listWebhooks: {
    method: 'get',
    path: '/assets/:id/webhooks',
    tag: 'Upscales',
    access: 'viewer',
    summary: 'How the webhooks stand that tell of the upscales of an asset',
    params: idParams,
    response: z.strictObject({ webhooks: z.array(webhookStateSchema.extend({ versionId: z.uuid() })) }),
  },
  sendWebhookAgain: {
    method: 'post',
    path: '/upscales/:id/webhook',
    tag: 'Upscales',
    access: 'editor',
    summary: 'Tell the application again that an upscale has ended, by the same id, and with as many tries as at first',
    params: idParams,
    response: upscaleSchema,
  },
  getUpscaleBatch: {
    method: 'get',
    path: '/upscales/batches/:id',
    tag: 'Upscales',
    access: 'viewer',
    summary: 'How the pictures of a batch stand',
    params: idParams,
    response: upscaleBatchSchema,
  },
} as const satisfies Record<string, Route>;
