import Checkbox from 'antd/es/checkbox';
import type { FieldProps, SpecOf } from './field.ts';
import styles from './fields.module.css';

/** Any number of several options. */
export function ChoicesField({ id, spec, value, onChange, describedBy }: FieldProps<SpecOf<'choices'>>) {
  return (
    <fieldset id={id} aria-label={spec.title} aria-describedby={describedBy} className={styles.group}>
      <Checkbox.Group
        className={styles.choices}
        options={spec.options}
        value={Array.isArray(value) ? (value as string[]) : []}
        onChange={(next) => onChange(next as string[])}
      />
    </fieldset>
  );
}
