import type { ReactNode } from 'react';
import styles from './EmptyState.module.css';

interface EmptyStateProps {
  /** A drawing; decoration only. */
  picture: ReactNode;
  /** One sentence that teaches. */
  children: ReactNode;
  title: string;
  action?: ReactNode;
}

/** What stands where nothing is yet: one picture, one sentence, one button. */
export function EmptyState({ picture, title, children, action }: EmptyStateProps) {
  return (
    <div className={styles.empty}>
      <div className={styles.picture} aria-hidden>
        {picture}
      </div>
      <h2>{title}</h2>
      <p>{children}</p>
      {action}
    </div>
  );
}
