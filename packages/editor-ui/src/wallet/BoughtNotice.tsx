import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { isAmount } from './BuyForm.tsx';
import styles from './WalletScreen.module.css';

/** Tells whoever comes back from paying that the credits are on their way. */
export function BoughtNotice() {
  const { t } = useTranslation('wallet');
  const [search] = useSearchParams();
  const bought = search.get('bought') ?? '';
  if (!isAmount(bought)) return null;
  return (
    <div role="status" className={styles.notice}>
      <strong>{t('buy.thanks')}</strong>
      <p>{t('buy.coming', { count: Number(bought), formatted: Number(bought).toLocaleString('en') })}</p>
    </div>
  );
}
