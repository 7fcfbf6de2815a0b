import type { PriceEffect as Effect, Prices } from '@imaginarium/protocol';
import { useTranslation } from 'react-i18next';
import { usePriceEffect } from '../api/prices.ts';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import { useSettled } from '../components/use-settled.ts';
import { useTypeTitle } from './NodeTypeName.tsx';
import styles from './PricesScreen.module.css';
import { orderPrice, type SampleOrder, sampleOrders } from './sample-orders.ts';

/** What would change for people: common orders and workflows, by the prices of now and by the draft. */
export function PriceEffect({ now, draft }: { now: Prices; draft: Prices | null }) {
  const { t } = useTranslation('prices');
  const settled = useSettled(draft);
  const effect = usePriceEffect(settled);
  if (!settled)
    return (
      <section className={styles.section} aria-labelledby="effect">
        <h2 id="effect">{t('effect.title')}</h2>
        <p className={styles.quiet}>{t('effect.wrong')}</p>
      </section>
    );
  const orders = sampleOrders(now, settled);
  const changed = orders.filter((order) => orderPrice(order, now) !== orderPrice(order, settled));
  const workflows = effect.data?.workflows ?? [];
  const moved = workflows.filter(({ before, after }) => JSON.stringify(before) !== JSON.stringify(after));
  const same = orders.length - changed.length + (workflows.length - moved.length);
  return (
    <section className={styles.section} aria-labelledby="effect">
      <h2 id="effect">{t('effect.title')}</h2>
      {effect.error && (
        <ErrorNotice error={effect.error} title={t('effect.failed')} onRetry={() => void effect.refetch()} />
      )}
      {changed.length + moved.length === 0 ? (
        <p className={styles.quiet}>{t('effect.none')}</p>
      ) : (
        <div className={styles.card}>
          <table className={styles.table} aria-labelledby="effect">
            <thead>
              <tr>
                <th scope="col">{t('effect.what')}</th>
                <th scope="col" className={styles.number}>
                  {t('effect.now')}
                </th>
                <th scope="col" className={styles.number}>
                  {t('effect.then')}
                </th>
              </tr>
            </thead>
            <tbody>
              {moved.map((entry) => (
                <WorkflowLine key={entry.id ?? ''} entry={entry} />
              ))}
              {changed.map((order) => (
                <OrderLine key={order.key} order={order} now={now} draft={settled} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <p className={styles.note}>
        {t('effect.same', { count: same })} {t('effect.sample')}
      </p>
    </section>
  );
}

function WorkflowLine({ entry: { id, name, before, after } }: { entry: Effect['workflows'][number] }) {
  const { t } = useTranslation('prices');
  return (
    <tr>
      <th scope="row">
        {name} <small>· {t(id === null ? 'effect.builtIn' : 'effect.workflow')}</small>
      </th>
      {[before, after].map((priced, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two cells that never change places.
        <td key={index} className={styles.number} title={priced.refused ?? undefined}>
          {priced.total === null ? t('effect.refused') : rangeOf(priced.total, priced.least, priced.most)}
        </td>
      ))}
    </tr>
  );
}

function OrderLine({ order, now, draft }: { order: SampleOrder; now: Prices; draft: Prices }) {
  const { t } = useTranslation('prices');
  const { what } = order;
  const title = useTypeTitle('type' in what ? what.type : '');
  const bundles = [...draft.bundles, ...now.bundles];
  const name =
    'bundle' in what
      ? (bundles.find(({ id }) => id === what.bundle)?.title ?? what.bundle)
      : [title, what.choice].filter((part) => part !== null).join(', ');
  return (
    <tr>
      <th scope="row">
        {name} <small>· {'bundle' in what ? t('effect.bundle') : t('effect.items', { count: what.items })}</small>
      </th>
      {[now, draft].map((prices, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two cells that never change places.
        <td key={index} className={styles.number}>
          {orderPrice(order, prices)?.toLocaleString('en') ?? t('effect.notOffered')}
        </td>
      ))}
    </tr>
  );
}

function rangeOf(total: number, least: number | null, most: number | null): string {
  if (least === total && most === total) return total.toLocaleString('en');
  return `${(least ?? total).toLocaleString('en')}–${most === null ? '…' : most.toLocaleString('en')}`;
}
