import type { ReactNode } from 'react';
import styles from './EmptyState.module.css';

interface EmptyStateProps {
  /** A drawing; decoration only. */
  picture: ReactNode;
  /** One sentence that teaches. */
  children: ReactNode;
  title: string;
  /** Whether the title is the heading of the whole screen. */
  wholeScreen?: boolean;
  action?: ReactNode;
}

/** What stands where nothing is yet: one picture, one sentence, one button. */
export function EmptyState({ picture, title, wholeScreen = false, children, action }: EmptyStateProps) {
  const Heading = wholeScreen ? 'h1' : 'h2';
  return (
    <div className={styles.empty}>
      <div className={styles.picture} aria-hidden>
        {picture}
      </div>
      <Heading>{title}</Heading>
      <p>{children}</p>
      {action}
    </div>
  );
}
