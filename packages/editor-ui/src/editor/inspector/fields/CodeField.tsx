import Input from 'antd/es/input';
import { ariaOf, type FieldProps, type SpecOf } from './field.ts';
import styles from './fields.module.css';

/** A program text. */
export function CodeField(props: FieldProps<SpecOf<'code'>>) {
  return (
    <Input.TextArea
      {...ariaOf(props)}
      className={styles.mono}
      value={typeof props.value === 'string' ? props.value : ''}
      spellCheck={false}
      autoSize={{ minRows: 5, maxRows: 24 }}
      onChange={(event) => props.onChange(event.target.value)}
    />
  );
}
