import { ApiError } from '@imaginarium/client';
import { QueryCache, QueryClient } from '@tanstack/react-query';
import { queryKeys } from './query-keys.ts';

/** Holds what the server answered. Refusals are final; only lost lines and tired servers are asked again. */
export const queryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error) => {
      // The session ended elsewhere: every screen behind it gives way to signing in.
      if (error instanceof ApiError && error.code === 'not-signed-in')
        queryClient.setQueryData(queryKeys.session, null);
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (failures, error) => failures < 2 && (!(error instanceof ApiError) || error.status >= 500),
    },
  },
});
