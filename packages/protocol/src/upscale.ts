import { z } from 'zod';
import { assetSchema, assetVersionSchema } from './asset.ts';
import { failureSchema } from './error.ts';

const moment = z.iso.datetime();

/** How a webhook that tells of an end stands. */
export const webhookStateSchema = z.strictObject({
  url: z.string(),
  /**
   * waiting: the version has not ended. due: it is being told, or told again. sent: it was taken. dead: it was refused for good, or never
   * taken, and is not tried again.
   */
  state: z.enum(['waiting', 'due', 'sent', 'dead']),
  /** Tries so far. */
  attempts: z.int().min(0),
  /** When it is tried next. */
  nextAt: moment.nullable(),
  /** What went wrong with the last try. */
  error: z.string().nullable(),
});
export type WebhookState = z.infer<typeof webhookStateSchema>;

/** What is said before the work begins. */
export const upscaleEstimateSchema = z.strictObject({
  /** Credits that are set aside; 0 where the result is known from before. In a batch, the share of one picture. */
  credits: z.int().min(0),
  /** Milliseconds on this machine, once it begins; those of all pictures of its run. */
  ms: z.number().min(0),
});

/** A picture that is, or was, upscaled: the version that comes of it, and the asset that it is a version of. */
export const upscaleSchema = z.strictObject({
  asset: assetSchema.omit({ versions: true }),
  version: assetVersionSchema,
  estimate: upscaleEstimateSchema,
  /** Where to ask how it stands: a path of this server. */
  statusUrl: z.string(),
  /** Null where none was asked for. */
  webhook: webhookStateSchema.nullable(),
});
export type Upscale = z.infer<typeof upscaleSchema>;

/** Several pictures in one run. */
export const upscaleBatchSchema = z.strictObject({
  /** The run that makes them. */
  id: z.uuid(),
  statusUrl: z.string(),
  upscales: z.array(upscaleSchema),
});
export type UpscaleBatch = z.infer<typeof upscaleBatchSchema>;

/** The answer to a request for several upscales. */
export const acceptedUpscaleBatchSchema = z.strictObject({
  id: z.uuid(),
  statusUrl: z.string(),
  /** One for each picture that was sent, in order: what began, or why it did not. */
  items: z.array(z.strictObject({ upscale: upscaleSchema.nullable(), error: failureSchema.nullable() })),
  /** Of the whole run. */
  estimate: upscaleEstimateSchema,
});
export type AcceptedUpscaleBatch = z.infer<typeof acceptedUpscaleBatchSchema>;
