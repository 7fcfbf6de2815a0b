import Select from 'antd/es/select';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { useWorkflows } from '../../api/workflows.ts';
import { startOnFailure } from '../document/settings.ts';
import type { EditorState } from '../store/editor-store.ts';
import { useEditor, useEditorStore } from '../store/use-editor.ts';
import styles from './Inspector.module.css';

const onFailureOf = (state: EditorState) => state.graph.settings.onFailure;
const workflowIdOf = (state: EditorState) => state.workflowId;

/** Which workflow starts when a run of this one fails. */
export function FailureSetting() {
  const { t } = useTranslation('editor');
  const store = useEditorStore();
  const field = useId();
  const chosen = useEditor(onFailureOf);
  const itself = useEditor(workflowIdOf);
  const workflows = useWorkflows();
  const others = (workflows.data ?? []).filter(({ id }) => id !== itself);
  const options = others.map(({ id, name }) => ({ value: id, label: name }));
  if (chosen !== undefined && workflows.data && !others.some(({ id }) => id === chosen))
    options.push({ value: chosen, label: t('param.goneWorkflow') });
  return (
    <section className={styles.setting}>
      <label htmlFor={field}>{t('inspector.onFailure')}</label>
      <Select
        id={field}
        allowClear
        showSearch={{ optionFilterProp: 'label' }}
        loading={workflows.isPending}
        placeholder={t('inspector.onFailureNothing')}
        options={options}
        value={chosen}
        onChange={(next: string | undefined) => store.getState().change((graph) => startOnFailure(graph, next))}
      />
      <p>{t('inspector.onFailureHelp')}</p>
    </section>
  );
}
