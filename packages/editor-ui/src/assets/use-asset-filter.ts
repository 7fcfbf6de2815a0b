import { upscaleTierSchema } from '@imaginarium/protocol';
import { useSearchParams } from 'react-router';
import type { AssetFilter } from '../api/query-keys.ts';

/** The filter as the address bar holds it, so that it can be bookmarked, shared and gone back from. */
export function useAssetFilter(): [filter: AssetFilter, change: (part: Partial<AssetFilter>) => void] {
  const [search, setSearch] = useSearchParams();
  const filter: AssetFilter = {
    q: search.get('q')?.slice(0, 200) || undefined,
    // What the server would refuse is no filter.
    tier: upscaleTierSchema.safeParse(search.get('tier')).data,
    sourceApp: search.get('app')?.slice(0, 100) || undefined,
  };
  const change = (part: Partial<AssetFilter>) => {
    const { q, tier, sourceApp } = { ...filter, ...part };
    setSearch({ ...(q ? { q } : {}), ...(tier ? { tier } : {}), ...(sourceApp ? { app: sourceApp } : {}) });
  };
  return [filter, change];
}
