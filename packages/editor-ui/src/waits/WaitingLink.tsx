import { Bell } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { NavLink } from 'react-router';
import { useQuestions } from '../api/waits.ts';
import styles from './WaitingLink.module.css';

/** The bell: how many questions wait for this person, and the way to them. */
export function WaitingLink() {
  const { t } = useTranslation('waits');
  const count = useQuestions().data?.waits.filter((wait) => wait.mayAnswer).length ?? 0;
  const label = count === 0 ? t('title') : t('bell', { count });
  return (
    <NavLink to="/waiting" className={styles.bell} aria-label={label} title={label}>
      <Bell size={16} aria-hidden />
      {count > 0 && (
        <span className={styles.count} aria-hidden>
          {count > 99 ? '99+' : count}
        </span>
      )}
    </NavLink>
  );
}
