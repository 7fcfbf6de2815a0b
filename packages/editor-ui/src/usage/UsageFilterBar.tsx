import Button from 'antd/es/button';
import Input from 'antd/es/input';
import Select from 'antd/es/select';
import { X } from 'lucide-react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './UsageScreen.module.css';
import { TABLE_BY, type UsageView } from './use-usage-filter.ts';

interface UsageFilterBarProps {
  view: UsageView;
  /** The days that are shown, where the view does not say which. */
  range: { from: string; to: string } | undefined;
  onChange: (part: Partial<UsageView>) => void;
}

const NARROWED = ['workflowId', 'nodeType', 'person'] as const;

/** Chooses days and what the table adds up by, and lets go of what was looked at alone. */
export function UsageFilterBar({ view, range, onChange }: UsageFilterBarProps) {
  const { t } = useTranslation('usage');
  const id = useId();
  return (
    <div className={styles.bar}>
      {NARROWED.filter((name) => view[name] !== undefined).map((name) => (
        <Button
          key={name}
          icon={<X size={14} aria-hidden />}
          iconPlacement="end"
          onClick={() => onChange({ [name]: undefined })}
        >
          {t(`only.${name}`)}
        </Button>
      ))}
      <Select
        aria-label={t('by')}
        className={styles.by}
        value={view.by}
        options={TABLE_BY.map((value) => ({ value, label: t(`byOf.${value}`) }))}
        onChange={(by) => onChange({ by })}
      />
      {(['from', 'to'] as const).map((end) => (
        <div key={end} className={styles.day}>
          <label htmlFor={id + end}>{t(end)}</label>
          <Input
            id={id + end}
            type="date"
            value={view[end] ?? range?.[end] ?? ''}
            onChange={(event) => onChange({ [end]: event.target.value || undefined })}
          />
        </div>
      ))}
    </div>
  );
}
