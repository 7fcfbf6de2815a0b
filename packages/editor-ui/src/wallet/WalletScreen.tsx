import Skeleton from 'antd/es/skeleton';
import { ChartColumn, Tags } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useWallet } from '../api/credits.ts';
import { useTitle } from '../app/use-title.ts';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import { LinkButton } from '../components/LinkButton.tsx';
import { Billing } from './Billing.tsx';
import { BoughtNotice } from './BoughtNotice.tsx';
import { BudgetCard } from './BudgetCard.tsx';
import { BuyForm } from './BuyForm.tsx';
import { GrantForm } from './GrantForm.tsx';
import { Ledger } from './Ledger.tsx';
import { WalletFigures } from './WalletFigures.tsx';
import styles from './WalletScreen.module.css';

/** What the workspace has, and every credit that moved. */
export function WalletScreen() {
  const { t } = useTranslation('wallet');
  useTitle(t('title'));
  const wallet = useWallet();
  return (
    <>
      <div className={styles.top}>
        <div>
          <h1>{t('title')}</h1>
          <p className={styles.lead}>{t('lead')}</p>
        </div>
        <div className={styles.acts}>
          <LinkButton to="/usage" type="default" icon={<ChartColumn size={14} aria-hidden />}>
            {t('usage')}
          </LinkButton>
          <LinkButton to="/prices" type="default" icon={<Tags size={14} aria-hidden />}>
            {t('prices')}
          </LinkButton>
        </div>
      </div>
      {wallet.error && !wallet.data && (
        <ErrorNotice error={wallet.error} title={t('failed')} onRetry={() => void wallet.refetch()} />
      )}
      {wallet.isPending && (
        <div role="status" aria-label={t('loading')}>
          <Skeleton active title={false} paragraph={{ rows: 3 }} />
        </div>
      )}
      {wallet.data?.mayBuy && <BoughtNotice />}
      {wallet.data && <WalletFigures wallet={wallet.data} />}
      {wallet.data && <BudgetCard budget={wallet.data.budget} />}
      <Ledger />
      {wallet.data?.mayBuy && <BuyForm currency={wallet.data.currency} />}
      {wallet.data?.mayManage && <GrantForm />}
      {wallet.data?.mayBill && <Billing />}
    </>
  );
}
