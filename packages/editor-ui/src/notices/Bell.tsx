import { Bell as BellIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { NavLink } from 'react-router';
import { useUnread } from '../api/notices.ts';
import { useQuestions } from '../api/waits.ts';
import styles from './Bell.module.css';

/** The bell: how many questions wait for this person and how much they were told and have not read, and the way to both. */
export function Bell() {
  const { t } = useTranslation(['waits', 'notices']);
  const questions = useQuestions().data?.waits.filter((wait) => wait.mayAnswer).length ?? 0;
  const unread = useUnread().data ?? 0;
  const count = questions + unread;
  const parts = [
    ...(questions > 0 ? [t('waits:bell', { count: questions })] : []),
    ...(unread > 0 ? [t('notices:bell', { count: unread })] : []),
  ];
  const label = parts.length === 0 ? t('waits:title') : `${t('waits:title')}: ${parts.join(', ')}`;
  return (
    <NavLink to="/waiting" className={styles.bell} aria-label={label} title={label}>
      <BellIcon size={16} aria-hidden />
      {count > 0 && (
        <span className={styles.count} aria-hidden>
          {count > 99 ? '99+' : count}
        </span>
      )}
    </NavLink>
  );
}
