import Button from 'antd/es/button';
import Skeleton from 'antd/es/skeleton';
import { Download } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { transfersCsvUrl, useTransfers } from '../api/credits.ts';
import { EmptyState } from '../components/EmptyState.tsx';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import { FlowPicture } from '../components/FlowPicture.tsx';
import { LinkButton } from '../components/LinkButton.tsx';
import { LedgerFilterBar } from './LedgerFilterBar.tsx';
import { LedgerTable } from './LedgerTable.tsx';
import { useLedgerFilter } from './use-ledger-filter.ts';
import styles from './WalletScreen.module.css';

/** Every credit that moved, the newest first, narrowed by what the address bar says. */
export function Ledger() {
  const { t } = useTranslation('wallet');
  const { filter, query, change, clear } = useLedgerFilter();
  const transfers = useTransfers(query);
  const list = transfers.data?.pages.flatMap((page) => page.transfers);
  const filtered = Object.values(filter).some((value) => value !== undefined);
  return (
    <section className={styles.section} aria-labelledby="ledger">
      <div className={styles.head}>
        <h2 id="ledger">{t('ledger.title')}</h2>
        <LedgerFilterBar filter={filter} onChange={change} />
        <Button href={transfersCsvUrl(query)} download="credits.csv" icon={<Download size={14} aria-hidden />}>
          {t('ledger.csv')}
        </Button>
      </div>
      {transfers.error && !list && (
        <ErrorNotice error={transfers.error} title={t('ledger.failed')} onRetry={() => void transfers.refetch()} />
      )}
      {transfers.isPending && (
        <div role="status" aria-label={t('ledger.loading')}>
          <Skeleton active title={false} paragraph={{ rows: 6 }} />
        </div>
      )}
      {list && list.length > 0 && <LedgerTable transfers={list} />}
      {list?.length === 0 && <NoTransfers filtered={filtered} onClear={clear} />}
      {transfers.isFetchNextPageError && <ErrorNotice error={transfers.error} title={t('ledger.moreFailed')} />}
      {transfers.hasNextPage && (
        <Button
          className={styles.more}
          loading={transfers.isFetchingNextPage}
          onClick={() => void transfers.fetchNextPage()}
        >
          {t('ledger.more')}
        </Button>
      )}
    </section>
  );
}

function NoTransfers({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  const { t } = useTranslation('wallet');
  return (
    <EmptyState
      picture={<FlowPicture width={260} />}
      title={t(filtered ? 'ledger.none' : 'ledger.empty')}
      action={
        filtered ? (
          <Button onClick={onClear}>{t('filter.clear')}</Button>
        ) : (
          <LinkButton to="/">{t('ledger.toWorkflows')}</LinkButton>
        )
      }
    >
      {t(filtered ? 'ledger.noneText' : 'ledger.emptyText')}
    </EmptyState>
  );
}
