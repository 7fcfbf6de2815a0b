import Input from 'antd/es/input';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ariaOf, type FieldProps, type SpecOf } from './field.ts';
import styles from './fields.module.css';

const COLOUR = /^#[0-9a-f]{6}$/i;

/** A colour: picked, or typed as `#rrggbb`. What is half typed is kept here until it is a colour. */
export function ColourField(props: FieldProps<SpecOf<'colour'>>) {
  const { t } = useTranslation('editor');
  const { spec, value, onChange } = props;
  const colour = typeof value === 'string' ? value : spec.default;
  const [typed, setTyped] = useState(colour);
  useEffect(() => setTyped(colour), [colour]);
  const change = (text: string) => {
    setTyped(text);
    if (COLOUR.test(text)) onChange(text.toLowerCase());
  };
  return (
    <span className={styles.colour}>
      <input
        type="color"
        value={COLOUR.test(colour) ? colour : spec.default}
        aria-label={t('param.pickColour', { title: spec.title })}
        onChange={(event) => change(event.target.value)}
      />
      <Input
        {...ariaOf(props)}
        className={styles.mono}
        value={typed}
        maxLength={7}
        status={COLOUR.test(typed) ? undefined : 'error'}
        onChange={(event) => change(event.target.value)}
        onBlur={() => setTyped(colour)}
      />
    </span>
  );
}
