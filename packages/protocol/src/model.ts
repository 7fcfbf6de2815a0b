import { z } from 'zod';

const moment = z.iso.datetime();

/** What a model does. */
export const MODEL_TASKS = ['super-resolution', 'face-restoration', 'face-detection'] as const;
export type ModelTask = (typeof MODEL_TASKS)[number];

/** The name of a model, which its files have too: it is part of paths and addresses. */
export const modelNameSchema = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/, 'expected small letters, digits, dots and hyphens, at most 64')
  .refine((name) => !name.includes('..') && name !== 'auto', 'this name is taken');

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'expected the SHA-256 as 64 hexadecimal digits');
const range = z.tuple([z.number(), z.number()]);

/** What goes into a model, or comes out of it. */
export const modelTensorSchema = z.strictObject({
  /** Its name in the graph; null where files differ, and its position counts. */
  name: z.string().nullable(),
  dtype: z.enum(['float32', 'float64']),
  /** `NCHW`: a picture, one plane for each channel; `value`: one number; `other`: what the task's own code reads. */
  layout: z.enum(['NCHW', 'value', 'other']),
  /** The order of the planes; absent where it is no picture. */
  channels: z.enum(['rgb', 'bgr']).optional(),
  /** The values of black and white, or the least and the most of a number. */
  range: range.optional(),
});
export type ModelTensor = z.infer<typeof modelTensorSchema>;

/** Which pictures a model takes, by their sides in pixels. */
export const modelSizesSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('any') }),
  z.strictObject({ kind: z.literal('multiple'), of: z.int().min(2).max(1024) }),
  z.strictObject({ kind: z.literal('fixed'), width: z.int().min(1), height: z.int().min(1) }),
]);
export type ModelSizes = z.infer<typeof modelSizesSchema>;

/** What is known of a model, so that it can be found, trusted, fed and planned for. What nobody has published is null, and `unknown` says so. */
export const modelEntrySchema = z.strictObject({
  name: modelNameSchema,
  title: z.string().min(1).max(80),
  /** What it is good for, in a sentence. */
  summary: z.string().max(300),
  task: z.enum(MODEL_TASKS),
  /** `shipped` comes with its node package, `catalogue` can be installed, `own` was imported here. */
  origin: z.enum(['shipped', 'catalogue', 'own']),
  /** File name. */
  file: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.onnx$/),
  /** Where the file is fetched; null when nobody hosts it. */
  url: z.url({ protocol: /^https?$/ }).nullable(),
  sha256: sha256.nullable(),
  bytes: z.int().positive().nullable(),
  licence: z.strictObject({
    /** SPDX name, or the name its authors gave it. */
    name: z.string().min(1).max(80),
    /** Where its text is. */
    url: z.url({ protocol: /^https?$/ }).nullable(),
    /** What a person should know beside the name. */
    note: z.string().max(300).optional(),
  }),
  /** Whether it may be used commercially; where not, a person accepts the licence before it is installed. */
  commercial: z.boolean(),
  /** Output pixels per input pixel, along each side. */
  scale: z.int().min(1).max(16),
  inputs: z.array(modelTensorSchema).min(1),
  outputs: z.array(modelTensorSchema).min(1),
  sizes: modelSizesSchema,
  /** How far an input pixel reaches, in input pixels: tiles that overlap by it meet without a trace. Null: too far, or no picture comes out. */
  receptiveRadiusPx: z.int().min(0).nullable(),
  /** The side of a tile without its overlap, in input pixels; null for a model that is not tiled. */
  corePx: z.int().min(8).max(4096).nullable(),
  /** Peak memory of a process that runs tiles of `corePx` with their overlap, measured, in megabytes. */
  peakMemoryMb: z.int().positive().nullable(),
  /** Multiplications for each input pixel. */
  macPerPixel: z.int().positive().nullable(),
  /** The published weights, where the ONNX file has to be made of them. */
  weights: z.strictObject({ url: z.url(), sha256: sha256.nullable() }).nullable(),
  /** How to make the ONNX file of the weights; null where there is nothing to make. */
  convert: z.string().max(600).nullable(),
  /** Facts that nobody has published or that were not measured, in words. */
  unknown: z.array(z.string().max(200)),
});
export type ModelEntry = z.infer<typeof modelEntrySchema>;

/** How fast a model is on one machine. */
export const modelSpeedSchema = z.strictObject({
  /** Of the file that was measured. */
  sha256,
  /** Milliseconds for a million input pixels, those of the overlap among them. */
  msPerMegapixel: z.number().positive(),
  /** Megabytes that the process held at its most. */
  peakMemoryMb: z.int().positive(),
  measuredAt: moment,
});
export type ModelSpeed = z.infer<typeof modelSpeedSchema>;

/** A model as the server sees it. */
export const modelStateSchema = z.strictObject({
  entry: modelEntrySchema,
  /** `damaged`: a file of that name is there, but its bytes are not those of the catalogue. */
  state: z.enum(['installed', 'missing', 'damaged']),
  /** The download that is under way, or the last one that did not come to its end. */
  pull: z
    .strictObject({
      state: z.enum(['pulling', 'failed', 'cancelled']),
      /** Bytes that are here. */
      bytes: z.int().min(0),
      /** Bytes of the whole file; null when nobody says. */
      total: z.int().min(0).nullable(),
      /** Why it failed, and what to do. */
      message: z.string().nullable(),
    })
    .nullable(),
  /** Whether it can be fetched from here. */
  pullable: z.boolean(),
  /** Who accepted its licence, and when; null where nobody has. */
  accepted: z.strictObject({ by: z.string(), at: moment }).nullable(),
  /** How fast it is here; null until it was measured. */
  speed: modelSpeedSchema.nullable(),
});
export type ModelState = z.infer<typeof modelStateSchema>;

/** Whether somebody who waits notices how long a model takes: finding faces is a small part of anything. */
export function isTimed({ task }: Pick<ModelEntry, 'task'>): boolean {
  return task !== 'face-detection';
}

/** How long a model takes here for what people count: a million pixels, or a face where it takes those one by one. */
export function countedSpeed(
  { task, sizes }: Pick<ModelEntry, 'task' | 'sizes'>,
  { msPerMegapixel }: Pick<ModelSpeed, 'msPerMegapixel'>,
): { each: 'megapixel' | 'face'; ms: number } {
  if (task !== 'face-restoration' || sizes.kind !== 'fixed') return { each: 'megapixel', ms: msPerMegapixel };
  return { each: 'face', ms: (msPerMegapixel * sizes.width * sizes.height) / 1e6 };
}
