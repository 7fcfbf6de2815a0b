import { useTranslation } from 'react-i18next';
import styles from './CreditAmount.module.css';

/** An amount of credits: "25 credits", "1 credit", "Free". */
export function CreditAmount({ credits }: { credits: number }) {
  const { t } = useTranslation();
  return (
    <span className={styles.amount}>{credits === 0 ? t('credits.none') : t('credits.amount', { count: credits })}</span>
  );
}
