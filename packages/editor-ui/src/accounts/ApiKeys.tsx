import Skeleton from 'antd/es/skeleton';
import { useTranslation } from 'react-i18next';
import { useApiKeys } from '../api/api-keys.ts';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import { ApiKeyForm } from './ApiKeyForm.tsx';
import { ApiKeyRow } from './ApiKeyRow.tsx';
import styles from './ApiKeys.module.css';

/** The keys of the person who is signed in: make, copy once, revoke. */
export function ApiKeys() {
  const { t } = useTranslation('accounts');
  const keys = useApiKeys();
  return (
    <section aria-labelledby="api-keys">
      <h2 id="api-keys">{t('account.keys')}</h2>
      <p className={styles.lead}>{t('account.keysLead')}</p>
      <ApiKeyForm />
      {keys.isPending && <Skeleton active title={false} paragraph={{ rows: 2 }} />}
      {keys.error && <ErrorNotice error={keys.error} title={t('account.failed')} onRetry={() => void keys.refetch()} />}
      {keys.data?.length === 0 && <p className={styles.empty}>{t('account.empty')}</p>}
      {keys.data && keys.data.length > 0 && (
        <ul className={styles.list}>
          {keys.data.map((key) => (
            <ApiKeyRow key={key.id} apiKey={key} />
          ))}
        </ul>
      )}
    </section>
  );
}
