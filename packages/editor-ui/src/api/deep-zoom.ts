import type { FileRef } from '@imaginarium/protocol';
import { useQuery } from '@tanstack/react-query';
import { client } from './client.ts';
import { queryKeys } from './query-keys.ts';

/** How often it is asked how far the tiles are. */
const CUTTING_MS = 700;

/** The tiles of a picture, cut when they are first asked for and followed until they are there; nothing asks for none. */
export function useDeepZoom(file: FileRef | undefined) {
  return useQuery({
    queryKey: queryKeys.deepZoom(file?.id ?? ''),
    queryFn: ({ signal }) => client.call('getDeepZoom', { params: { id: file?.id ?? '' } }, { signal }),
    enabled: file !== undefined,
    refetchInterval: ({ state }) => (state.data?.state === 'making' ? CUTTING_MS : false),
  });
}
