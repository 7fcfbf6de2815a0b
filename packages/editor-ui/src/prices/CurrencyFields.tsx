import { useTranslation } from 'react-i18next';
import { PriceField } from './PriceField.tsx';
import styles from './PricesScreen.module.css';
import type { PriceDraftState } from './use-price-draft.ts';

/** What one credit is worth where money is shown. */
export function CurrencyFields({ state: { draft, edit, touch, problemAt } }: { state: PriceDraftState }) {
  const { t } = useTranslation('prices');
  const field = (name: 'code' | 'perCredit') => ({
    label: t(`currency.${name}`),
    value: draft[name],
    onChange: (value: string) => edit({ [name]: value }),
    onLeave: () => touch(name),
    error: problemAt(name) && t(`bad.${name}`),
  });
  return (
    <section className={styles.section} aria-labelledby="currency">
      <h2 id="currency">{t('currency.title')}</h2>
      <p className={styles.lead}>{t('currency.lead')}</p>
      <div className={styles.choiceFields}>
        <span className={styles.quiet}>{t('currency.one')}</span>
        <PriceField {...field('perCredit')} />
        <PriceField {...field('code')} />
      </div>
    </section>
  );
}
