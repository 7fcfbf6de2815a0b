import { hasExpression, isEmptyValue, type Json, type ParamSpec, refuseParamValue } from '@imaginarium/protocol';
import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AssetUploads } from './fields/field.ts';
import { ParamInput } from './fields/ParamInput.tsx';
import styles from './ParamField.module.css';

interface ParamFieldProps {
  spec: ParamSpec;
  value: Json;
  onChange(value: Json | undefined): void;
  assets: AssetUploads;
  /** Stands at the end of the label's line. */
  aside?: ReactNode;
}

/** A param with its label above and its help below. An error takes the help's place once the field was touched. */
export function ParamField({ spec, value, onChange, assets, aside }: ParamFieldProps) {
  const { t } = useTranslation('editor');
  const id = useId();
  const [touched, setTouched] = useState(false);
  const empty = spec.required && isEmptyValue(value) ? t('param.required', { title: spec.title }) : undefined;
  const isExpression = typeof value === 'string' && hasExpression(value) && spec.kind !== 'code';
  const error = touched && !isExpression ? (empty ?? refuseParamValue(spec, value)) : undefined;
  const note = error ?? spec.help;
  const isToggle = spec.kind === 'toggle';
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only hears that the focus has left one of the fields inside.
    <div className={`${styles.field} ${isToggle ? styles.toggle : ''}`} onBlur={() => setTouched(true)}>
      <span className={styles.label}>
        <label htmlFor={id}>
          {spec.title}
          {spec.required && <span aria-hidden> *</span>}
        </label>
        {aside}
      </span>
      <ParamInput
        id={id}
        spec={spec}
        value={value}
        onChange={onChange}
        describedBy={note ? `${id}-note` : undefined}
        invalid={error !== undefined}
        assets={assets}
      />
      {note && (
        <p id={`${id}-note`} className={error ? styles.error : styles.help}>
          {note}
        </p>
      )}
    </div>
  );
}
