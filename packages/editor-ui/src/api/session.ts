import { ApiError } from '@imaginarium/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client } from './client.ts';
import { queryKeys } from './query-keys.ts';

/** Who is signed in; null when nobody is. */
export function useSession() {
  return useQuery({
    queryKey: queryKeys.session,
    staleTime: 60_000,
    queryFn: async ({ signal }) => {
      try {
        return await client.call('getSession', {}, { signal });
      } catch (error) {
        if (error instanceof ApiError && (error.code === 'not-signed-in' || error.code === 'setup-required'))
          return null;
        throw error;
      }
    },
  });
}

/** Whether the server still waits for its owner. */
export function useSetup() {
  return useQuery({
    queryKey: queryKeys.setup,
    staleTime: 60_000,
    queryFn: ({ signal }) => client.call('getSetup', {}, { signal }),
  });
}

/** Makes the owner and signs them in. */
export function useSetUp() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: { name: string; email: string; password: string; code?: string }) =>
      client.call('setUp', { body }),
    onSuccess: (session) => {
      queries.setQueryData(queryKeys.setup, { required: false, codeRequired: false });
      queries.setQueryData(queryKeys.session, session);
    },
  });
}

export function useSignIn() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: { email: string; password: string }) => client.call('signIn', { body }),
    onSuccess: (session) => queries.setQueryData(queryKeys.session, session),
  });
}

/** Signs out and forgets everything that was fetched for the person who was signed in. */
export function useSignOut() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => client.call('signOut'),
    onSuccess: () => {
      // The session's own query stays, for whoever watches it must hear that it ended.
      queries.setQueryData(queryKeys.session, null);
      queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== queryKeys.session[0] });
    },
  });
}
