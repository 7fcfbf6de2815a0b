import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useRenameWorkflow } from '../../api/workflows.ts';
import { useEditorStore } from '../store/use-editor.ts';

/** Renames the workflow; the old name comes back when the server refuses. */
export function useRename(): (name: string) => void {
  const { t } = useTranslation('editor');
  const store = useEditorStore();
  const { mutate } = useRenameWorkflow();
  return useCallback(
    (name: string) => {
      const { workflowId: id, name: before, rename, tellTrouble } = store.getState();
      rename(name);
      mutate(
        { id, name },
        {
          onError: (error) => {
            rename(before);
            tellTrouble({ title: t('trouble.rename'), error });
          },
        },
      );
    },
    [store, mutate, t],
  );
}
