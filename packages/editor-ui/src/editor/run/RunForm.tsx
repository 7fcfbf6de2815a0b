import type { JsonObject } from '@imaginarium/protocol';
import Modal from 'antd/es/modal';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { EditorState } from '../store/editor-store.ts';
import { useServices } from '../store/services.ts';
import { useEditor, useEditorStore } from '../store/use-editor.ts';
import { askedInputs, missingInputs } from './asked-inputs.ts';
import { RunFields } from './RunFields.tsx';

const openOf = (state: EditorState) => state.runFormOpen;

/** Asks for what a run needs, before it begins. */
export function RunForm() {
  const open = useEditor(openOf);
  return open && <RunFormDialog />;
}

function RunFormDialog() {
  const { t } = useTranslation('editor');
  const store = useEditorStore();
  const { runs } = useServices();
  const [inputs] = useState(() => askedInputs(store.getState().graph, store.getState().catalogue));
  const [given, setGiven] = useState<JsonObject>({});
  const missing = missingInputs(inputs, given);
  const close = () => store.getState().setRunFormOpen(false);
  return (
    <Modal
      open
      title={t('runForm.title')}
      okText={t('run.run')}
      cancelText={t('runForm.cancel')}
      okButtonProps={{
        disabled: missing.length > 0,
        title: missing[0] ? t('param.required', { title: missing[0].title }) : undefined,
      }}
      onCancel={close}
      onOk={() => {
        close();
        void runs.start(given);
      }}
    >
      <RunFields inputs={inputs} given={given} onChange={setGiven} />
    </Modal>
  );
}
