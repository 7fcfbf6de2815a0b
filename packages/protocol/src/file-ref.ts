import { z } from 'zod';

/** The kinds of media a file can be; the word a port of that type uses. */
export const FILE_KINDS = ['image', 'video', 'audio', 'document'] as const;
export type FileKind = (typeof FILE_KINDS)[number];

/**
 * A reference to stored bytes. It is all that travels through queues, rows and events; the bytes stay in the file store.
 * `id` is the SHA-256 of the bytes in hex; `name` is what people see, never a path.
 */
export const fileRefSchema = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{64}$/),
  kind: z.enum(FILE_KINDS),
  mime: z.string().max(127),
  bytes: z.int().min(0),
  name: z.string().min(1).max(255),
  /** Pixels as shown: after the orientation stored in the file is applied. */
  width: z.int().min(1).optional(),
  height: z.int().min(1).optional(),
  durationMs: z.number().min(0).optional(),
});
export type FileRef = z.infer<typeof fileRefSchema>;

/** Whether a JSON value has the shape of a file reference. */
export function isFileRef(value: unknown): value is FileRef {
  return typeof value === 'object' && value !== null && 'mime' in value && fileRefSchema.safeParse(value).success;
}
