import InputNumber from 'antd/es/input-number';
import { ariaOf, type FieldProps, type SpecOf } from './field.ts';
import styles from './fields.module.css';

/** A number. What is out of range stays as it was typed and is told, so that nothing changes behind a person's back. */
export function NumberField(props: FieldProps<SpecOf<'number'>>) {
  const { spec, value, onChange, invalid } = props;
  return (
    <InputNumber
      {...ariaOf(props)}
      className={styles.number}
      value={typeof value === 'number' ? value : null}
      step={spec.step ?? 1}
      suffix={spec.unit}
      placeholder={String(spec.default)}
      status={invalid ? 'error' : undefined}
      onChange={(next) => onChange(typeof next === 'number' ? next : undefined)}
    />
  );
}
