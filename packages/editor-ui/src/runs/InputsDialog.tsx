import type { JsonObject, RunDetail } from '@imaginarium/protocol';
import Modal from 'antd/es/modal';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCatalogue } from '../api/node-types.ts';
import { askedInputs, missingInputs } from '../editor/run/asked-inputs.ts';
import { RunFields } from '../editor/run/RunFields.tsx';

interface InputsDialogProps {
  run: RunDetail;
  onRun(inputs: JsonObject): void;
  onClose(): void;
}

/** Asks for what a run is repeated with: its own inputs, until they are changed. */
export function InputsDialog({ run, onRun, onClose }: InputsDialogProps) {
  const { t } = useTranslation('runs');
  const { t: editor } = useTranslation('editor');
  const catalogue = useCatalogue();
  const inputs = useMemo(() => askedInputs(run.graph, catalogue), [run.graph, catalogue]);
  const [given, setGiven] = useState<JsonObject>(run.inputs);
  const [missing] = missingInputs(inputs, given);
  return (
    <Modal
      open
      title={editor('runForm.title')}
      okText={t('run.again')}
      cancelText={editor('runForm.cancel')}
      okButtonProps={{
        disabled: missing !== undefined,
        title: missing && editor('param.required', { title: missing.title }),
      }}
      onCancel={onClose}
      onOk={() => {
        onClose();
        onRun(given);
      }}
    >
      <RunFields inputs={inputs} given={given} onChange={setGiven} />
    </Modal>
  );
}
