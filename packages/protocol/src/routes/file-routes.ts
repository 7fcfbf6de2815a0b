import { z } from 'zod';
import { deepZoomSchema } from '../deep-zoom.ts';
import { storedFileSchema } from '../resources.ts';
import type { Route } from '../route.ts';
import { limit } from './shared.ts';

const fileParams = z.strictObject({ id: z.string().regex(/^[0-9a-f]{64}$/) });

/** Files: their bytes in and out. */
export const fileRoutes = {
  uploadFile: {
    method: 'post',
    path: '/files',
    tag: 'Files',
    access: 'editor',
    summary: 'Upload a file: the body is its bytes, streamed',
    query: z.strictObject({ name: z.string().min(1).max(255) }),
    body: 'bytes',
    response: storedFileSchema,
    status: 201,
  },
  listFiles: {
    method: 'get',
    path: '/files',
    tag: 'Files',
    access: 'viewer',
    summary: 'List files, the newest first',
    query: z.strictObject({ limit, cursor: z.string().max(200).optional() }),
    response: z.strictObject({ files: z.array(storedFileSchema), nextCursor: z.string().nullable() }),
  },
  getFile: {
    method: 'get',
    path: '/files/:id',
    tag: 'Files',
    access: 'viewer',
    summary: 'What is known of a file',
    params: fileParams,
    response: storedFileSchema,
  },
  getFileContent: {
    method: 'get',
    path: '/files/:id/content',
    tag: 'Files',
    access: 'viewer',
    summary: 'The bytes of a file; ranges are honoured, `download=1` asks for an attachment',
    params: fileParams,
    query: z.strictObject({ download: z.enum(['1']).optional(), name: z.string().max(255).optional() }),
    response: 'bytes',
  },
  getFileThumbnail: {
    method: 'get',
    path: '/files/:id/thumbnail',
    tag: 'Files',
    access: 'viewer',
    summary: 'A small WebP of a picture, at most `size` pixels wide and high',
    params: fileParams,
    query: z.strictObject({
      size: z.coerce
        .number()
        .pipe(z.union([z.literal(160), z.literal(480), z.literal(1600)]))
        .default(480),
    }),
    response: 'bytes',
  },
  getDeepZoom: {
    method: 'get',
    path: '/files/:id/tiles',
    tag: 'Files',
    access: 'viewer',
    summary: 'A picture as deep zoom: the first call has its tiles cut, and says how far that is',
    params: fileParams,
    response: deepZoomSchema,
  },
  getDeepZoomTile: {
    method: 'get',
    path: '/files/:id/tiles/:level/:tile',
    tag: 'Files',
    access: 'viewer',
    summary: 'One tile of a picture, named by its column and row as in the Deep Zoom format: `14/3_5.jpeg`',
    params: fileParams.extend({
      level: z.string().regex(/^\d{1,2}$/),
      tile: z.string().regex(/^\d{1,5}_\d{1,5}\.(jpeg|webp)$/),
    }),
    response: 'bytes',
  },
} as const satisfies Record<string, Route>;
