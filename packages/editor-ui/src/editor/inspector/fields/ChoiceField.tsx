import Segmented from 'antd/es/segmented';
import Select from 'antd/es/select';
import { ariaOf, type FieldProps, type SpecOf } from './field.ts';
import styles from './fields.module.css';

/** Options as short as this lie side by side; the rest folds into a list. */
const SIDE_BY_SIDE_CHARACTERS = 26;

/** One of several options. */
export function ChoiceField(props: FieldProps<SpecOf<'choice'>>) {
  const { spec, value, onChange, invalid } = props;
  const letters = spec.options.reduce((sum, option) => sum + option.label.length + 2, 0);
  const known = spec.options.some((option) => option.value === value);
  if (spec.options.length <= 4 && letters <= SIDE_BY_SIDE_CHARACTERS && known) {
    const { id, describedBy } = props;
    return (
      <Segmented
        id={id}
        block
        name={id}
        aria-label={spec.title}
        aria-describedby={describedBy}
        options={spec.options}
        value={value as string}
        onChange={(next) => onChange(next)}
      />
    );
  }
  return (
    <Select
      {...ariaOf(props)}
      className={styles.wide}
      options={spec.options}
      value={value as string}
      status={invalid ? 'error' : undefined}
      onChange={(next: string) => onChange(next)}
    />
  );
}
