import type { FileRef, Json, JsonObject } from '@imaginarium/protocol';

/** The outputs of a step as the cache keeps them: free of ids, which belong to one run. */
export interface CachedStep {
  outputs: Record<string, CachedItem[]>;
}

export interface CachedItem {
  value: Json | FileRef;
  fields: JsonObject;
  /** The row of input items it was made from; in mode `all` the position on the first port, or -1 for the list as a whole. */
  row: number;
  /** In mode `all`: positions by port, of an item that was made from items of several ports. */
  rows?: Readonly<Record<string, number>>;
}
