import Skeleton from 'antd/es/skeleton';
import { useTranslation } from 'react-i18next';
import { useWallet } from '../api/credits.ts';
import { usePrices } from '../api/prices.ts';
import { useTitle } from '../app/use-title.ts';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import { PriceEditor } from './PriceEditor.tsx';
import styles from './PricesScreen.module.css';
import { PriceTable } from './PriceTable.tsx';

/** What node types cost: for everybody to read, and for the owner of the server to change. */
export function PricesScreen() {
  const { t } = useTranslation('prices');
  useTitle(t('title'));
  const prices = usePrices();
  const wallet = useWallet();
  const error = prices.error ?? wallet.error;
  const list = prices.data;
  const isKnown = list !== undefined && wallet.data !== undefined;
  return (
    <>
      <h1>{t('title')}</h1>
      <p className={styles.lead}>{t(wallet.data?.mayManage ? 'leadOwner' : 'lead')}</p>
      {error && !isKnown && (
        <ErrorNotice
          error={error}
          title={t('failed')}
          onRetry={() => {
            void prices.refetch();
            void wallet.refetch();
          }}
        />
      )}
      {!error && !isKnown && (
        <div role="status" aria-label={t('loading')}>
          <Skeleton active title={false} paragraph={{ rows: 9 }} />
        </div>
      )}
      {isKnown && (wallet.data.mayManage ? <PriceEditor list={list} /> : <PriceTable prices={list} />)}
    </>
  );
}
