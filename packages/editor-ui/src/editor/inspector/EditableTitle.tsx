import { useEffect, useState } from 'react';
import styles from './EditableTitle.module.css';

interface EditableTitleProps {
  value: string;
  label: string;
  onChange(value: string): void;
  className?: string | undefined;
}

/** A name that is edited where it stands: Enter or leaving takes it, Escape and an empty name give it up. */
export function EditableTitle({ value, label, onChange, className }: EditableTitleProps) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  const take = () => {
    const name = typed.trim();
    if (name !== '' && name !== value) onChange(name);
    else setTyped(value);
  };
  return (
    <span className={`${styles.title} ${className ?? ''}`} data-value={typed}>
      <input
        aria-label={label}
        value={typed}
        size={1}
        maxLength={200}
        spellCheck={false}
        onChange={(event) => setTyped(event.target.value)}
        onFocus={(event) => event.target.select()}
        onBlur={take}
        onKeyDown={(event) => {
          if (event.key === 'Escape') setTyped(value);
          if (event.key === 'Enter' || event.key === 'Escape') {
            event.stopPropagation();
            const { currentTarget } = event;
            // After the state above is in: leaving would else take the text that was given up.
            requestAnimationFrame(() => currentTarget.blur());
          }
        }}
      />
    </span>
  );
}
