import { type RetryPolicy, retryPauseMs } from '@imaginarium/protocol';
import InputNumber from 'antd/es/input-number';
import Switch from 'antd/es/switch';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDuration } from '../../components/format.ts';
import styles from './Inspector.module.css';

/** Pauses that are named one by one; of more, it is said how long they are together. */
const NAMED = 3;

/** How long a node waits between its tries, and what that comes to. */
export function RetryPauses({ retry, onChange }: { retry: RetryPolicy; onChange(next: RetryPolicy): void }) {
  const { t } = useTranslation('editor');
  const id = useId();
  const pauses = Array.from({ length: retry.attempts - 1 }, (_, index) => retryPauseMs(retry, index + 1));
  const named = pauses.slice(0, NAMED).map(formatDuration).join(', ');
  const total = formatDuration(pauses.reduce((sum, pause) => sum + pause, 0));
  return (
    <>
      <label htmlFor={`${id}-backoff`}>{t('policy.backoff')}</label>
      <InputNumber
        id={`${id}-backoff`}
        min={0}
        max={3600}
        step={0.5}
        suffix="s"
        value={retry.backoffMs / 1000}
        onChange={(seconds) => onChange({ ...retry, backoffMs: Math.round((seconds ?? 0) * 1000) })}
      />
      <label htmlFor={`${id}-factor`}>{t('policy.factor')}</label>
      <InputNumber
        id={`${id}-factor`}
        min={1}
        max={10}
        step={0.5}
        value={retry.factor}
        onChange={(factor) => onChange({ ...retry, factor: factor ?? 1 })}
      />
      <label htmlFor={`${id}-jitter`}>{t('policy.jitter')}</label>
      <Switch
        id={`${id}-jitter`}
        size="small"
        checked={retry.jitter}
        onChange={(jitter) => onChange({ ...retry, jitter })}
      />
      <p className={styles.pauses}>
        {t(pauses.length > NAMED ? 'policy.pausesInAll' : 'policy.pauses', { pauses: named, total })}
      </p>
    </>
  );
}
