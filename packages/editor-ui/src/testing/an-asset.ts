import type { Asset, AssetSummary, AssetVersion, FileRef } from '@imaginarium/protocol';
import { RUN_ID } from './a-run.ts';

export const ASSET_ID = '018f2f65-7a3b-7c4d-8e5f-00000000a55e';
const AT = '2026-11-21T10:00:00.000Z';

/** A picture of a size. */
export function aPicture(name: string, width: number, height = width): FileRef {
  const id = name.replace(/\W/g, '').toLowerCase().padEnd(64, '0').slice(0, 64);
  return { id, kind: 'image', mime: 'image/jpeg', bytes: 1000, name, width, height };
}

/** An upscale to 4x that has ended well. */
export function aVersion(change: Partial<AssetVersion> = {}): AssetVersion {
  const file = aPicture('portrait-4x.jpg', 2048);
  return {
    ...{ id: '018f2f65-7a3b-7c4d-8e5f-000000000001', number: 1, tier: 'standard', state: 'succeeded' },
    ...{ runId: RUN_ID, file, width: 2048, height: 2048, credits: 15, createdAt: AT, endedAt: AT },
    ...{ error: null, leftOut: [] },
    ...change,
  };
}

/** An asset that was upscaled once. */
export function anAsset(change: Partial<Asset> = {}): Asset {
  return {
    ...{ id: ASSET_ID, name: 'Portrait', kind: 'image', sourceApp: null, sourceId: null },
    ...{ original: aPicture('portrait.jpg', 512), originalState: 'kept', createdAt: AT, updatedAt: AT },
    versions: [aVersion()],
    ...change,
  };
}

/** An asset as lists show it. */
export function anAssetSummary(change: Partial<AssetSummary> = {}): AssetSummary {
  const { versions, ...asset } = anAsset();
  return { ...asset, newestVersion: versions[0] ?? null, versionCount: versions.length, ...change };
}
