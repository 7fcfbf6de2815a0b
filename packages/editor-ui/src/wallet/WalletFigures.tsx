import { LOW_CREDITS, type Wallet } from '@imaginarium/protocol';
import { useTranslation } from 'react-i18next';
import { formatMoney } from '../components/format.ts';
import styles from './WalletScreen.module.css';

const METERED = ['available', 'reserved', 'balance', 'spent'] as const;
/** Where nobody runs out, nothing is available or set aside either. */
const UNLIMITED = ['spent', 'balance'] as const;

/** The wallet in numbers, each with what it is worth. */
export function WalletFigures({ wallet }: { wallet: Wallet }) {
  const { t } = useTranslation('wallet');
  const unlimited = wallet.mode === 'unlimited';
  return (
    <>
      {unlimited && (
        <div className={styles.notice}>
          <strong>{t('unlimited')}</strong>
          <p>{t('unlimitedText')}</p>
        </div>
      )}
      {!unlimited && wallet.available < LOW_CREDITS && (
        <div role="status" className={`${styles.notice} ${styles.low}`}>
          <strong>{t(wallet.available === 0 ? 'low.none' : 'low.title')}</strong>
          <p>
            {t('low.text')} {wallet.reserved > 0 && t('low.reserved')}
          </p>
        </div>
      )}
      <dl className={styles.figures}>
        {(unlimited ? UNLIMITED : METERED).map((name) => (
          <div key={name}>
            <dt>{t(`figure.${name}`)}</dt>
            <dd>{wallet[name].toLocaleString('en')}</dd>
            <dd className={styles.money}>{formatMoney(wallet[name], wallet.currency)}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
