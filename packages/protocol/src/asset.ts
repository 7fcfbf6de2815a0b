import { z } from 'zod';
import { failureSchema } from './error.ts';
import { fileRefSchema } from './file-ref.ts';
import { RUN_STATES } from './run.ts';

const moment = z.iso.datetime();

/** The tiers of the upscaler, and how many times as wide and high each makes a picture. */
export const UPSCALE_TIERS = { free: 2, standard: 4, professional: 8, billboard: 16 } as const;
export type UpscaleTier = keyof typeof UPSCALE_TIERS;
export const upscaleTierSchema = z.enum(Object.keys(UPSCALE_TIERS) as [UpscaleTier, ...UpscaleTier[]]);

/** Where the original of an asset is: here, moved to the archive folder of the server, or removed. */
export const ORIGINAL_STATES = ['kept', 'archived', 'removed'] as const;

/** What a run made, or will make, of the original of an asset. */
export const assetVersionSchema = z.strictObject({
  id: z.uuid(),
  /** Counts the versions of the asset: 1, 2, 3 ... A request that was refused leaves a gap. */
  number: z.int().min(1),
  tier: upscaleTierSchema,
  /** As its run has it; a version that succeeded has its file. In a batch, each picture ends for itself. */
  state: z.enum(RUN_STATES),
  /** The run that makes it. Old runs may have been removed; the version stays. */
  runId: z.uuid(),
  file: fileRefSchema.nullable(),
  /** Pixels of the file. */
  width: z.int().min(1).nullable(),
  height: z.int().min(1).nullable(),
  /** What it was quoted at until it ended, and what it cost since; a batch is split evenly among its pictures. */
  credits: z.int().min(0),
  createdAt: moment,
  endedAt: moment.nullable(),
  /** Why it failed. */
  error: failureSchema.nullable(),
  /** Stages that are left out for want of a model: a sentence each, with the command that installs it. */
  leftOut: z.array(z.string()),
});
export type AssetVersion = z.infer<typeof assetVersionSchema>;

/** A picture that a person or another application can find again, as lists show it. */
export const assetSummarySchema = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  kind: z.literal('image'),
  /** The application that it came from, and its id there; null for what was registered without. */
  sourceApp: z.string().nullable(),
  sourceId: z.string().nullable(),
  /** Null once it is archived or removed. */
  original: fileRefSchema.nullable(),
  originalState: z.enum(ORIGINAL_STATES),
  createdAt: moment,
  /** When it last got a name, an original or a version, or a version of it ended. */
  updatedAt: moment,
  /** Null where there is none yet. */
  newestVersion: assetVersionSchema.nullable(),
  versionCount: z.int().min(0),
});
export type AssetSummary = z.infer<typeof assetSummarySchema>;

/** An asset with all its versions, the newest first. */
export const assetSchema = assetSummarySchema
  .omit({ newestVersion: true, versionCount: true })
  .extend({ versions: z.array(assetVersionSchema) });
export type Asset = z.infer<typeof assetSchema>;
