import { ERRORS, type ErrorCode } from '@imaginarium/protocol';
import Select from 'antd/es/select';
import { useTranslation } from 'react-i18next';
import { useWorkflows } from '../api/workflows.ts';
import styles from './RunFilterBar.module.css';
import { type FailureFilter, SPAN_NAMES, type Span } from './use-failure-filter.ts';

/** Codes that end runs; the others are answers of the API. */
const RUN_ERRORS = (Object.keys(ERRORS) as ErrorCode[]).filter((code) => /^(step|run|items)-/.test(code));

interface FailureFilterBarProps {
  filter: FailureFilter;
  onChange: (filter: FailureFilter) => void;
}

/** Narrows the failed runs by workflow, by what went wrong and by time. */
export function FailureFilterBar({ filter, onChange }: FailureFilterBarProps) {
  const { t } = useTranslation('runs');
  const workflows = useWorkflows().data ?? [];
  return (
    <div className={styles.bar}>
      <Select
        aria-label={t('failures.within')}
        className={styles.workflow}
        allowClear
        placeholder={t('failures.anyTime')}
        value={filter.within}
        options={SPAN_NAMES.map((value) => ({ value, label: t(`failures.span.${value}`) }))}
        onChange={(within: Span | undefined) => onChange({ ...filter, within })}
      />
      <Select
        aria-label={t('failures.error')}
        className={styles.workflow}
        allowClear
        placeholder={t('failures.anyError')}
        value={filter.errorCode}
        options={RUN_ERRORS.map((value) => ({ value, label: value }))}
        onChange={(errorCode: ErrorCode | undefined) => onChange({ ...filter, errorCode })}
      />
      <Select
        aria-label={t('filter.workflow')}
        className={styles.workflow}
        allowClear
        showSearch={{ optionFilterProp: 'label' }}
        placeholder={t('filter.anyWorkflow')}
        value={filter.workflowId}
        options={workflows.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={(workflowId: string | undefined) => onChange({ ...filter, workflowId })}
      />
    </div>
  );
}
