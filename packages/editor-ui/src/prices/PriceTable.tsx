import type { PriceRule, Prices } from '@imaginarium/protocol';
import { useTranslation } from 'react-i18next';
import { formatMoney } from '../components/format.ts';
import { NodeTypeName } from './NodeTypeName.tsx';
import styles from './PricesScreen.module.css';

/** The prices, to read. */
export function PriceTable({ prices: { rules, bundles, currency } }: { prices: Prices }) {
  const { t } = useTranslation('prices');
  return (
    <>
      <div className={styles.card}>
        <table className={styles.table} aria-label={t('rules.title')}>
          <thead>
            <tr>
              <th scope="col">{t('rules.type')}</th>
              <th scope="col">{t('rules.credits')}</th>
              <th scope="col">{t('rules.batch')}</th>
              <th scope="col">{t('rules.limit')}</th>
            </tr>
          </thead>
          <tbody>
            {rules.map((rule) => (
              <tr key={rule.type}>
                <th scope="row">
                  <NodeTypeName type={rule.type} />
                </th>
                <td>
                  <Price rule={rule} />
                </td>
                <td>{rule.batch ? t('rules.batchOff', { ...rule.batch }) : '–'}</td>
                <td>{rule.limit ?? '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className={styles.lead}>
        {t('rules.others')} {t('currency.worth', { money: formatMoney(1, currency) })}
      </p>
      {bundles.length > 0 && (
        <section className={styles.section} aria-labelledby="bundles">
          <h2 id="bundles">{t('bundles.title')}</h2>
          <ul className={styles.plain}>
            {bundles.map(({ id, title, off }) => (
              <li key={id}>{t('bundles.line', { title, count: off })}</li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function Price({ rule: { credits, per, choices } }: { rule: PriceRule }) {
  const { t } = useTranslation('prices');
  const price = credits === 0 ? t('rules.free') : t(`rules.per.${per}`, { count: credits });
  const others = Object.entries(choices?.credits ?? {}).map(([choice, count]) => t('rules.choice', { choice, count }));
  return <>{[price, ...others].join(' · ')}</>;
}
