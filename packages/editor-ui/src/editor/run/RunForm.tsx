import { isEmptyValue, type Json, type JsonObject, refuseParamValue } from '@imaginarium/protocol';
import Modal from 'antd/es/modal';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ParamField } from '../inspector/ParamField.tsx';
import type { EditorState } from '../store/editor-store.ts';
import { useServices } from '../store/services.ts';
import { useEditor, useEditorStore } from '../store/use-editor.ts';
import { type AskedInput, askedInputs } from './asked-inputs.ts';
import styles from './RunForm.module.css';
import { useLooseUploads } from './use-loose-uploads.ts';

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
  const heldBy = (input: AskedInput): Json => given[input.key] ?? input.value;
  const missing = inputs.filter(
    (input) =>
      (input.spec.required && isEmptyValue(heldBy(input))) || refuseParamValue(input.spec, heldBy(input)) !== undefined,
  );
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
      <div className={styles.fields}>
        {inputs.map((input) => (
          <RunInput
            key={input.key}
            input={input}
            value={heldBy(input)}
            onChange={(value) => setGiven((now) => withValue(now, input.key, value))}
          />
        ))}
      </div>
    </Modal>
  );
}

interface RunInputProps {
  input: AskedInput;
  value: Json;
  onChange(value: Json | undefined): void;
}

function RunInput({ input, value, onChange }: RunInputProps) {
  const assets = useLooseUploads(input.spec, value, onChange);
  return <ParamField spec={{ ...input.spec, title: input.title }} value={value} onChange={onChange} assets={assets} />;
}

function withValue(given: JsonObject, key: string, value: Json | undefined): JsonObject {
  const { [key]: _before, ...others } = given;
  return value === undefined ? others : { ...others, [key]: value };
}
