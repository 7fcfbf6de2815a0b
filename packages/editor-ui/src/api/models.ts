import { isTimed, type ModelState } from '@imaginarium/protocol';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client } from './client.ts';
import { queryKeys } from './query-keys.ts';

/** How often the list is asked for while something is fetched. */
const PULLING_MS = 700;

/** How often while one is measured, as those that come with Imaginarium are when somebody first looks at them. */
const MEASURING_MS = 4000;

/** The models of the installation, followed while one of them is fetched or measured. */
export function useModels() {
  return useQuery({
    queryKey: queryKeys.models,
    queryFn: ({ signal }) => client.call('listModels', {}, { signal }),
    refetchInterval: ({ state }) => {
      const models = state.data?.models ?? [];
      if (models.some(({ pull }) => pull?.state === 'pulling')) return PULLING_MS;
      return models.some(isUnmeasured) ? MEASURING_MS : false;
    },
  });
}

function isUnmeasured({ entry, state, speed }: ModelState): boolean {
  return state === 'installed' && speed === null && isTimed(entry);
}

/** What can be done to a model. */
export type ModelChange = 'pull' | 'accept-and-pull' | 'cancel' | 'verify' | 'measure' | 'remove';

/** Changes one model; the list is asked for again when it is done. */
export function useChangeModel(name: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: ModelChange) => send(name, change),
    onSettled: () => queries.invalidateQueries({ queryKey: queryKeys.models }),
  });
}

async function send(name: string, change: ModelChange): Promise<ModelState | undefined> {
  const params = { name };
  switch (change) {
    case 'pull':
      return client.call('pullModel', { params, body: {} });
    case 'accept-and-pull':
      return client.call('pullModel', { params, body: { acceptLicence: true } });
    case 'cancel':
      return client.call('cancelModelPull', { params });
    case 'verify':
      return client.call('verifyModel', { params });
    case 'measure':
      return client.call('measureModel', { params });
    case 'remove':
      await client.call('removeModel', { params });
      return undefined;
  }
}

/** Installs a model from a file. */
export function useImportModel() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ file, acceptLicence }: { file: File; acceptLicence: boolean }) =>
      client.importModel(file, { name: file.name, acceptLicence }),
    onSettled: () => queries.invalidateQueries({ queryKey: queryKeys.models }),
  });
}
