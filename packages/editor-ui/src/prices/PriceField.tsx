import Input from 'antd/es/input';
import { useId } from 'react';
import styles from './PricesScreen.module.css';

interface PriceFieldProps {
  /** What it is called aloud; the column or the label above says it to the eye. */
  label: string;
  value: string;
  onChange: (value: string) => void;
  onLeave: () => void;
  error?: string | undefined;
  /** Stands behind the number. */
  suffix?: string;
  wide?: boolean;
  /** What counts while it is empty. */
  placeholder?: string;
}

/** A number or short text of the price list, with what is wrong with it right under it. */
export function PriceField({
  label,
  value,
  onChange,
  onLeave,
  error,
  suffix,
  placeholder,
  wide = false,
}: PriceFieldProps) {
  const id = useId();
  return (
    <div className={wide ? styles.wideField : styles.field}>
      <Input
        aria-label={label}
        value={value}
        inputMode={wide ? 'text' : 'decimal'}
        autoComplete="off"
        spellCheck={false}
        suffix={suffix}
        placeholder={placeholder}
        status={error ? 'error' : ''}
        aria-invalid={error !== undefined}
        aria-describedby={error ? id : undefined}
        onChange={(event) => onChange(event.target.value)}
        onBlur={onLeave}
      />
      {error && (
        <span id={id} className={styles.error}>
          {error}
        </span>
      )}
    </div>
  );
}
