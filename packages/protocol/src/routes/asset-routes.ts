import { z } from 'zod';
import { assetSchema, assetSummarySchema, upscaleTierSchema } from '../asset.ts';
import type { Route } from '../route.ts';
import { displayName, idParams, limit } from './shared.ts';

/** Where a picture comes from in another application. The same application and id are the same asset, however often they are named. */
export const assetSource = {
  /** The application, such as `shop`. */
  sourceApp: z.string().trim().min(1).max(100).optional(),
  /** The id of the picture there. */
  sourceId: z.string().trim().min(1).max(200).optional(),
};

/** An id alone would be found by nobody. */
export const namesItsApp = [
  ({ sourceApp, sourceId }: { sourceApp?: string | undefined; sourceId?: string | undefined }) =>
    sourceId === undefined || sourceApp !== undefined,
  { path: ['sourceApp'] as string[], message: 'the application that sourceId is an id of' },
] as const;

/** Assets: pictures that can be found again, each with what was made of it. */
export const assetRoutes = {
  listAssets: {
    method: 'get',
    path: '/assets',
    tag: 'Assets',
    access: 'viewer',
    summary: 'List assets, the newest first',
    query: z.strictObject({
      /** Only those with this in their name, in whatever case: of letters beyond A to Z, as far as the database knows their cases. */
      q: z.string().trim().max(200).optional(),
      sourceApp: z.string().max(100).optional(),
      sourceId: z.string().max(200).optional(),
      /** Only those with a version of this tier. */
      tier: upscaleTierSchema.optional(),
      limit,
      cursor: z.string().max(200).optional(),
    }),
    response: z.strictObject({ assets: z.array(assetSummarySchema), nextCursor: z.string().nullable() }),
  },
  registerAsset: {
    method: 'post',
    path: '/assets',
    tag: 'Assets',
    access: 'editor',
    summary:
      'Make an asset of an uploaded picture. With a source that is known already, the picture becomes its original',
    body: z
      .strictObject({
        fileId: z.string().regex(/^[0-9a-f]{64}$/),
        /** That of the file when left out. */
        name: displayName.optional(),
        ...assetSource,
      })
      .refine(...namesItsApp),
    response: assetSchema,
    status: 201,
  },
  getAsset: {
    method: 'get',
    path: '/assets/:id',
    tag: 'Assets',
    access: 'viewer',
    summary: 'An asset with its versions',
    params: idParams,
    response: assetSchema,
  },
  renameAsset: {
    method: 'patch',
    path: '/assets/:id',
    tag: 'Assets',
    access: 'editor',
    summary: 'Give an asset another name',
    params: idParams,
    body: z.strictObject({ name: displayName }),
    response: assetSchema,
  },
  deleteAsset: {
    method: 'delete',
    path: '/assets/:id',
    tag: 'Assets',
    access: 'editor',
    summary: 'Delete an asset with its versions. Files that nothing else names go with it, within about a day',
    params: idParams,
  },
} as const satisfies Record<string, Route>;
