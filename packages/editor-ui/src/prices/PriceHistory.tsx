import type { PriceListWithHistory } from '@imaginarium/protocol';
import Button from 'antd/es/button';
import { useTranslation } from 'react-i18next';
import { usePriceVersion } from '../api/prices.ts';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import { RelativeTime } from '../components/RelativeTime.tsx';
import styles from './PricesScreen.module.css';

interface PriceHistoryProps {
  list: PriceListWithHistory;
  /** Told the prices of a version that somebody wants back: they become a draft. */
  onGoBack: (version: PriceListWithHistory) => void;
}

/** The versions of the prices: who published them and when, and a way back. */
export function PriceHistory({ list, onGoBack }: PriceHistoryProps) {
  const { t } = useTranslation('prices');
  const fetched = usePriceVersion();
  return (
    <section className={styles.section} aria-labelledby="history">
      <h2 id="history">{t('history.title')}</h2>
      <p className={styles.lead}>{t('history.lead')}</p>
      {fetched.error && <ErrorNotice error={fetched.error} title={t('history.failed')} />}
      <div className={styles.card}>
        <table className={styles.table} aria-labelledby="history">
          <thead>
            <tr>
              <th scope="col">{t('history.version')}</th>
              <th scope="col">{t('history.who')}</th>
              <th scope="col">{t('history.when')}</th>
              <th scope="col">
                <span className={styles.hidden}>{t('rules.actions')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {list.history.map(({ version, createdBy, createdAt }) => (
              <tr key={version}>
                <th scope="row">
                  {version} {version === list.version && <span className={styles.tag}>{t('history.current')}</span>}
                </th>
                <td>{createdBy ?? t('history.shipped')}</td>
                <td>{createdAt === null ? '–' : <RelativeTime at={createdAt} />}</td>
                <td className={styles.last}>
                  {version !== list.version && (
                    <Button
                      size="small"
                      aria-label={t('history.backTo', { version })}
                      loading={fetched.isPending && fetched.variables === version}
                      onClick={() => fetched.mutate(version, { onSuccess: onGoBack })}
                    >
                      {t('history.back')}
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
