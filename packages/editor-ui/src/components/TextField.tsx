import Input from 'antd/es/input';
import { type InputHTMLAttributes, useId } from 'react';
import styles from './TextField.module.css';

interface TextFieldProps {
  label: string;
  name: string;
  value: string;
  onChange: (value: string) => void;
  onBlur?: () => void;
  help?: string | undefined;
  /** Replaces the help. */
  error?: string | undefined;
  type?: 'text' | 'email' | 'password';
  autoComplete?: string;
  autoFocus?: boolean;
  placeholder?: string;
  inputMode?: InputHTMLAttributes<HTMLInputElement>['inputMode'];
}

/** A labelled line of text: label above, help under it, and the error in the help's place. */
export function TextField({ label, help, error, onChange, type = 'text', ...input }: TextFieldProps) {
  const id = useId();
  const note = error ?? help;
  const Component = type === 'password' ? Input.Password : Input;
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <Component
        {...input}
        {...(type === 'email' ? { type } : {})}
        id={id}
        size="large"
        status={error ? 'error' : ''}
        spellCheck={false}
        aria-invalid={error !== undefined}
        aria-describedby={note ? `${id}-note` : undefined}
        onChange={(event) => onChange(event.target.value)}
      />
      <p id={`${id}-note`} className={error ? styles.error : styles.help} aria-live="polite">
        {note}
      </p>
    </div>
  );
}
