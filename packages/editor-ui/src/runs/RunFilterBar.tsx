import { RUN_STATES, type RunState } from '@imaginarium/protocol';
import Segmented from 'antd/es/segmented';
import Select from 'antd/es/select';
import { useTranslation } from 'react-i18next';
import type { RunFilter } from '../api/query-keys.ts';
import { useWorkflows } from '../api/workflows.ts';
import styles from './RunFilterBar.module.css';

interface RunFilterBarProps {
  filter: RunFilter;
  onChange: (part: Partial<RunFilter>) => void;
}

/** Narrows the list by state and workflow. */
export function RunFilterBar({ filter, onChange }: RunFilterBarProps) {
  const { t } = useTranslation('runs');
  const { t: common } = useTranslation();
  const workflows = useWorkflows().data ?? [];
  const states: { value: RunState | 'all'; label: string }[] = [
    { value: 'all', label: t('filter.all') },
    ...RUN_STATES.map((state) => ({ value: state, label: common(`state.${state}`) })),
  ];
  return (
    <div className={styles.bar}>
      <Segmented<RunState | 'all'>
        aria-label={t('filter.state')}
        options={states}
        value={filter.state ?? 'all'}
        onChange={(state) => onChange({ state: state === 'all' ? undefined : state })}
      />
      <Select
        aria-label={t('filter.workflow')}
        className={styles.workflow}
        allowClear
        showSearch={{ optionFilterProp: 'label' }}
        placeholder={t('filter.anyWorkflow')}
        value={filter.workflowId}
        options={workflows.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={(workflowId: string | undefined) => onChange({ workflowId })}
      />
    </div>
  );
}
