import type { Workflow } from '@imaginarium/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../api/client.ts';
import { queryKeys } from '../../api/query-keys.ts';
import { RunControl } from '../run/run-control.ts';
import { Autosave } from './autosave.ts';
import type { Installed } from './document-slice.ts';
import { createEditorStore } from './editor-store.ts';
import { emptyPictureInputs } from './empty-picture-inputs.ts';

/** The store and services of one open workflow: saved behind its back, flushed when it is left, its last run found again. */
export function useEditorSession(workflow: Workflow, installed: Installed) {
  const { t } = useTranslation('editor');
  const queries = useQueryClient();
  const [session] = useState(() => {
    const { id: workflowId, name, draft: graph, revision, updatedAt: savedAt } = workflow;
    const store = createEditorStore({
      workflowId,
      name,
      graph,
      installed,
      revision,
      savedAt,
    });
    const autosave = new Autosave({
      revision,
      savedAt,
      draft: () => store.getState().graph,
      save: async (draft, from, { keepalive }) => {
        const body = { graph: draft, revision: from };
        const answer = await client.call('saveDraft', { params: { id: workflowId }, body }, { keepalive });
        store.getState().setRevision(answer.revision);
        return answer;
      },
      onChange: (save) => store.getState().setSave(save),
    });
    const runs = new RunControl({
      client,
      store,
      flush: () => autosave.flush(),
      onTrouble: (trouble, error) => store.getState().tellTrouble({ title: t(`trouble.${trouble}`), error }),
      onChange: () => void queries.invalidateQueries({ queryKey: queryKeys.allRuns }),
    });
    return { store, services: { autosave, runs } };
  });

  useEffect(() => {
    const { store, services } = session;
    const { autosave, runs } = services;
    const unsubscribe = store.subscribe((state, before) => {
      if (state.graph !== before.graph) autosave.changed();
    });
    const warn = (event: BeforeUnloadEvent) => {
      if (autosave.needsWarning) event.preventDefault();
    };
    const leave = () => autosave.leave();
    const retry = () => void autosave.flush();
    window.addEventListener('beforeunload', warn);
    window.addEventListener('pagehide', leave);
    window.addEventListener('online', retry);
    void runs.resume().catch(() => {
      // The list of runs says so itself when it is opened; the editor works without.
    });
    const [only, ...others] = emptyPictureInputs(store.getState());
    if (only !== undefined && others.length === 0) store.getState().pulse(only);
    return () => {
      unsubscribe();
      window.removeEventListener('beforeunload', warn);
      window.removeEventListener('pagehide', leave);
      window.removeEventListener('online', retry);
      runs.stop();
      void autosave.flush().then(() => queries.invalidateQueries({ queryKey: queryKeys.workflows }));
      autosave.stop();
    };
  }, [session, queries]);

  useEffect(() => session.store.getState().install(installed), [session, installed]);

  return session;
}
