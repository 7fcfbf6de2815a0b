import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { client } from '../api/client.ts';
import { useNodeTypes, useNodeTypesOfDevelopment } from '../api/node-types.ts';
import { queryKeys } from '../api/query-keys.ts';
import { useTitle } from '../app/use-title.ts';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import { LinkButton } from '../components/LinkButton.tsx';
import { BuiltInWorkflow } from './BuiltInWorkflow.tsx';
import { Editor } from './Editor.tsx';
import styles from './EditorScreen.module.css';
import { EditorSkeleton } from './EditorSkeleton.tsx';
import type { Installed } from './store/document-slice.ts';

/** The workflow of the address, open for editing. */
export function EditorScreen() {
  const { t } = useTranslation('editor');
  const { id = '' } = useParams();
  const types = useNodeTypes();
  useNodeTypesOfDevelopment();
  // Fetched anew at each opening: a draft from the cache could be older than the last save, and every edit would then conflict.
  const workflow = useQuery({
    queryKey: [...queryKeys.workflow(id), 'draft'],
    queryFn: ({ signal }) => client.call('getWorkflow', { params: { id } }, { signal }),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  useTitle(workflow.data?.name);
  const error = workflow.error ?? types.error;
  if (error)
    return (
      <main className={styles.alone}>
        <ErrorNotice
          error={error}
          title={t('trouble.open')}
          onRetry={() => void Promise.all([workflow.refetch(), types.refetch()])}
        />
        <LinkButton to="/" type="default">
          {t('topbar.back')}
        </LinkButton>
      </main>
    );
  if (!workflow.data || !types.data) return <EditorSkeleton />;
  if (workflow.data.builtIn) return <BuiltInWorkflow workflow={workflow.data} />;
  return <Editor key={id} workflow={workflow.data} installed={types.data as Installed} />;
}
