import { useTranslation } from 'react-i18next';
import { useSession } from '../api/session.ts';
import { useTitle } from '../app/use-title.ts';
import styles from './AccountScreen.module.css';
import { ApiKeys } from './ApiKeys.tsx';

/** Who you are here, and the keys by which programs act for you. */
export function AccountScreen() {
  const { t } = useTranslation('accounts');
  useTitle(t('account.title'));
  const session = useSession().data;
  if (!session) return null;
  const { user, workspace } = session;
  return (
    <div className={styles.screen}>
      <h1>{t('account.title')}</h1>
      <dl className={styles.facts}>
        <div>
          <dt>{t('account.you')}</dt>
          <dd>
            {user.name} <span className={styles.quiet}>{user.email}</span>
          </dd>
        </div>
        <div>
          <dt>{t('account.workspace')}</dt>
          <dd>
            {workspace.name} <span className={styles.quiet}>{t(`account.role.${workspace.role}`)}</span>
          </dd>
        </div>
      </dl>
      <ApiKeys />
    </div>
  );
}
