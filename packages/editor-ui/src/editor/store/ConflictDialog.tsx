import type { Workflow } from '@imaginarium/protocol';
import { useQuery } from '@tanstack/react-query';
import Button from 'antd/es/button';
import Modal from 'antd/es/modal';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { client } from '../../api/client.ts';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import type { EditorState } from './editor-store.ts';
import { useServices } from './services.ts';
import { useEditor, useEditorStore } from './use-editor.ts';

const conflictOf = (state: EditorState) => state.save.state === 'conflict';

/** Somebody else saved the same workflow: nothing was overwritten, and a person says what becomes of both. */
export function ConflictDialog() {
  return useEditor(conflictOf) && <Conflict />;
}

function Conflict() {
  const { t } = useTranslation('editor');
  const store = useEditorStore();
  const navigate = useNavigate();
  const { autosave } = useServices();
  const [copying, setCopying] = useState(false);
  const [error, setError] = useState<unknown>();
  const { workflowId: id } = store.getState();
  const theirs = useQuery({
    queryKey: ['conflict', id],
    gcTime: 0,
    queryFn: ({ signal }) => client.call('getWorkflow', { params: { id } }, { signal }),
  });
  const loadTheirs = ({ draft, revision, updatedAt, name }: Workflow) => {
    // An edit like any other, so that undo still brings mine back.
    store.getState().change(() => draft);
    autosave.adopt(store.getState().graph, { revision, updatedAt });
    store.getState().setRevision(revision);
    store.getState().rename(name);
  };
  const keepMine = async () => {
    setCopying(true);
    try {
      const { name, graph } = store.getState();
      const copy = await client.call('createWorkflow', { body: { name: t('conflict.copyName', { name }), graph } });
      void navigate(`/workflows/${copy.id}`, { replace: true });
    } catch (failure) {
      setError(failure);
      setCopying(false);
    }
  };
  return (
    <Modal
      open
      closable={false}
      mask={{ closable: false }}
      keyboard={false}
      title={t('conflict.title')}
      footer={[
        <Button key="mine" loading={copying} onClick={() => void keepMine()}>
          {t('conflict.keepMine')}
        </Button>,
        <Button
          key="theirs"
          type="primary"
          disabled={!theirs.data}
          onClick={() => theirs.data && loadTheirs(theirs.data)}
        >
          {t('conflict.loadTheirs')}
        </Button>,
      ]}
    >
      <p>
        {t('conflict.text')} {theirs.data && <RelativeTime at={theirs.data.updatedAt} />}
      </p>
      <p style={{ marginTop: 8 }}>{t('conflict.choose')}</p>
      {(error ?? theirs.error) != null && <ErrorNotice error={error ?? theirs.error} />}
    </Modal>
  );
}
