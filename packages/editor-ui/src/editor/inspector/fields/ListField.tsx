import type { Json, ParamSpec } from '@imaginarium/protocol';
import Button from 'antd/es/button';
import { Plus, X } from 'lucide-react';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import type { FieldProps, SpecOf } from './field.ts';
import styles from './fields.module.css';

/** Several values of one kind, each with a field of its own, drawn by `Entry`. */
export function ListField({ Entry, ...props }: FieldProps<SpecOf<'list'>> & { Entry: ComponentType<FieldProps> }) {
  const { t } = useTranslation('editor');
  const { id, spec, value, onChange, describedBy } = props;
  const entries: Json[] = Array.isArray(value) ? value : [];
  const full = spec.maxItems !== undefined && entries.length >= spec.maxItems;
  return (
    <fieldset
      id={id}
      aria-label={spec.title}
      aria-describedby={describedBy}
      className={`${styles.group} ${styles.rows}`}
    >
      {entries.map((entry, index) => {
        const title = t('param.entry', { title: spec.of.title, number: index + 1 });
        const element: ParamSpec = { ...spec.of, title };
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: entries are values without a name; their place is what they are.
          <div key={index} className={styles.row}>
            <label htmlFor={`${id}-${index}`} className={styles.hidden}>
              {title}
            </label>
            <span className={styles.grow}>
              <Entry
                {...props}
                id={`${id}-${index}`}
                spec={element}
                value={entry}
                invalid={false}
                onChange={(next) => onChange(entries.with(index, next ?? (spec.of.default as Json)))}
              />
            </span>
            <Button
              type="text"
              size="small"
              aria-label={t('param.removeEntry', { number: index + 1 })}
              icon={<X size={14} aria-hidden />}
              onClick={() => onChange(entries.toSpliced(index, 1))}
            />
          </div>
        );
      })}
      <Button
        size="small"
        className={styles.add}
        disabled={full}
        title={full ? t('param.full', { count: spec.maxItems ?? 0 }) : undefined}
        icon={<Plus size={13} aria-hidden />}
        onClick={() => onChange([...entries, spec.of.default as Json])}
      >
        {t('param.addEntry')}
      </Button>
    </fieldset>
  );
}
