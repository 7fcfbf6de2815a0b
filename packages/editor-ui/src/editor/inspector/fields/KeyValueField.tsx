import { FORBIDDEN_KEYS } from '@imaginarium/protocol';
import Button from 'antd/es/button';
import Input from 'antd/es/input';
import { Plus, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FieldProps, SpecOf } from './field.ts';
import styles from './fields.module.css';

type Row = [name: string, value: string];

/** Names with text values. A row without a name, or with one that is taken, waits here until it has one of its own. */
export function KeyValueField({ id, spec, value, onChange, describedBy }: FieldProps<SpecOf<'key-value'>>) {
  const { t } = useTranslation('editor');
  const stored = JSON.stringify(value ?? {});
  const [rows, setRows] = useState<Row[]>(() => rowsOf(stored));
  useEffect(() => {
    setRows((now) => (JSON.stringify(objectOf(now)) === stored ? now : rowsOf(stored)));
  }, [stored]);
  const change = (next: Row[]) => {
    setRows(next);
    onChange(objectOf(next));
  };
  return (
    <fieldset
      id={id}
      aria-label={spec.title}
      aria-describedby={describedBy}
      className={`${styles.group} ${styles.rows}`}
    >
      {rows.map(([name, text], index) => {
        const refused = FORBIDDEN_KEYS.has(name) || rows.findIndex(([other]) => other === name) < index;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row is edited in place, its name with it.
          <div key={index} className={styles.row}>
            <Input
              aria-label={t('param.rowName', { number: index + 1 })}
              placeholder={t('param.name')}
              value={name}
              status={refused && name !== '' ? 'error' : undefined}
              title={refused && name !== '' ? t('param.nameTaken', { name }) : undefined}
              onChange={(event) => change(rows.with(index, [event.target.value, text]))}
            />
            <Input
              aria-label={t('param.rowValue', { number: index + 1 })}
              placeholder={t('param.value')}
              value={text}
              onChange={(event) => change(rows.with(index, [name, event.target.value]))}
            />
            <Button
              type="text"
              size="small"
              aria-label={t('param.removeEntry', { number: index + 1 })}
              icon={<X size={14} aria-hidden />}
              onClick={() => change(rows.toSpliced(index, 1))}
            />
          </div>
        );
      })}
      <Button
        size="small"
        className={styles.add}
        icon={<Plus size={13} aria-hidden />}
        onClick={() => setRows([...rows, ['', '']])}
      >
        {t('param.addRow')}
      </Button>
    </fieldset>
  );
}

function rowsOf(stored: string): Row[] {
  return Object.entries(JSON.parse(stored) as Record<string, string>);
}

function objectOf(rows: readonly Row[]): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, text] of rows)
    if (name !== '' && !FORBIDDEN_KEYS.has(name) && !Object.hasOwn(result, name)) result[name] = text;
  return result;
}
