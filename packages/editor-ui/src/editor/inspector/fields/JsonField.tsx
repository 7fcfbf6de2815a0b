import { findUnsafeJson, type Json } from '@imaginarium/protocol';
import Input from 'antd/es/input';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ariaOf, type FieldProps, type SpecOf } from './field.ts';
import styles from './fields.module.css';

/** JSON as text. The param changes with every text that can be read; what cannot is kept and told. */
export function JsonField(props: FieldProps<SpecOf<'json'>>) {
  const { t } = useTranslation('editor');
  const { value, onChange } = props;
  const [text, setText] = useState(() => JSON.stringify(value, null, 2));
  const [refusal, setRefusal] = useState<string>();
  const written = useRef(value);
  useEffect(() => {
    // Only what changed elsewhere (undo, another tab of the inspector) replaces what is being typed.
    if (JSON.stringify(value) === JSON.stringify(written.current)) return;
    written.current = value;
    setText(JSON.stringify(value, null, 2));
    setRefusal(undefined);
  }, [value]);
  const change = (next: string) => {
    setText(next);
    try {
      const parsed = JSON.parse(next) as Json;
      if (findUnsafeJson(parsed)) return setRefusal(t('param.unsafeJson'));
      written.current = parsed;
      setRefusal(undefined);
      onChange(parsed);
    } catch (error) {
      setRefusal(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <>
      <Input.TextArea
        {...ariaOf(props)}
        className={styles.mono}
        value={text}
        spellCheck={false}
        status={refusal ? 'error' : undefined}
        autoSize={{ minRows: 3, maxRows: 16 }}
        onChange={(event) => change(event.target.value)}
      />
      {refusal && (
        <span className={styles.refusal} role="alert">
          {refusal}
        </span>
      )}
    </>
  );
}
