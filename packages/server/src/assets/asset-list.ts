import type { Asset, AssetSummary, FileRef, UpscaleTier } from '@imaginarium/protocol';

/** Where a picture comes from in another application. Without an id, the application only says so. */
export interface AssetSource {
  sourceApp?: string | undefined;
  sourceId?: string | undefined;
}

/** A picture to be found again. */
export interface NewAsset extends AssetSource {
  /** A file of the workspace. */
  original: FileRef;
  /** That of the file when left out. */
  name?: string | undefined;
}

/** When assets changed last: one came, got a name or a version, or a version of it ended. */
export interface AssetTimes {
  /** @returns for each of these workspaces, in their order, an ISO 8601 moment; empty where there is no asset. */
  of(workspaceIds: readonly string[]): Promise<string[]>;
}

/** The assets of one workspace. Another workspace's ids are simply not there. */
export interface AssetList {
  /** Newest first. @throws {BadCursorError} for a cursor that was tampered with. */
  list(
    query: AssetSource & {
      /** A part of the name, in whatever case. */
      q?: string | undefined;
      tier?: UpscaleTier | undefined;
      limit: number;
      cursor?: string | undefined;
    },
  ): Promise<{ assets: AssetSummary[]; nextCursor: string | null }>;
  get(id: string): Promise<Asset | undefined>;
  /**
   * Makes an asset, or gives the one that is known by the same application and id there this original, and this name if there is one. A
   * picture that comes without an id is known by its bytes.
   */
  register(asset: NewAsset): Promise<Asset>;
  rename(id: string, name: string): Promise<Asset | undefined>;
  /** Deletes it with its versions, and lets go of its files. False when there is no such asset. */
  delete(id: string): Promise<boolean>;
}
