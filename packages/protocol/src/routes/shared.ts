import { z } from 'zod';

/** The id of a thing in its path. */
export const idParams = z.strictObject({ id: z.uuid() });
/** A name that people see. */
export const displayName = z.string().trim().min(1).max(200);
/** A graph as it arrives; `parseGraph` says what is wrong with it. */
export const graphDocument = z.unknown().meta({ description: 'A workflow graph; see the schema Graph.' });
/** Entries of one page. */
export const limit = z.coerce.number().int().min(1).max(200).default(50);
