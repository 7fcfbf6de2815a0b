import type { Receipt, RunDetail } from '@imaginarium/protocol';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useReceipt } from '../api/credits.ts';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import styles from './RunReceipt.module.css';
import sections from './RunScreen.module.css';

/** What the run was charged step by step, who paid, and what came back. A run that is free has no receipt to show. */
export function RunReceipt({ run }: { run: RunDetail }) {
  const { t } = useTranslation('runs');
  const costs = run.creditsQuoted > 0 || run.creditsSpent > 0;
  const receipt = useReceipt(run.id, `${run.state} ${run.creditsSpent}`, costs);
  if (!costs || receipt.data === null) return null;
  return (
    <section className={sections.section} aria-labelledby="receipt">
      <h2 id="receipt">{t('receipt.title')}</h2>
      {receipt.error && !receipt.data && (
        <ErrorNotice error={receipt.error} title={t('receipt.failed')} onRetry={() => void receipt.refetch()} />
      )}
      {receipt.isPending && <div role="status" aria-label={t('receipt.loading')} className={styles.skeleton} />}
      {receipt.data && <ReceiptCard receipt={receipt.data} run={run} />}
    </section>
  );
}

function ReceiptCard({ receipt, run }: { receipt: Receipt; run: RunDetail }) {
  const { t } = useTranslation('runs');
  // Charges from before names were kept have none of their own.
  const names = new Map(run.graph.nodes.map(({ id, name }) => [id, name]));
  const byNode = [...Map.groupBy(receipt.charges, ({ node }) => node)];
  return (
    <div className={styles.card}>
      <div className={styles.head}>
        <p className={styles.facts}>
          {t(`receipt.${receipt.account}`)} · {t('receipt.prices', { version: receipt.priceVersion })}
        </p>
        <Link to={`/wallet?run=${receipt.runId}`}>{t('receipt.inLedger')}</Link>
      </div>
      <table className={styles.table} aria-label={t('receipt.title')}>
        <thead>
          <tr>
            <th scope="col">{t('receipt.step')}</th>
            <th scope="col">{t('receipt.credits')}</th>
          </tr>
        </thead>
        <tbody>
          {byNode.map(([node, charges]) => (
            <tr key={node}>
              <th scope="row">
                {charges[0]?.name ?? names.get(node) ?? node}
                {charges[0]?.type && (
                  <small>
                    {' · '}
                    <code>{charges[0].type}</code>
                  </small>
                )}
                {charges.length > 1 && <small> · {t('receipt.times', { count: charges.length })}</small>}
              </th>
              <td>{shown(charges.reduce((sum, { credits }) => sum + credits, 0))}</td>
            </tr>
          ))}
          {byNode.length === 0 && (
            <tr>
              <th scope="row">{t('receipt.nothing')}</th>
              <td>0</td>
            </tr>
          )}
        </tbody>
        <tfoot>
          {totalsOf(receipt).map(([name, credits]) => (
            <tr key={name}>
              <th scope="row">{t(`receipt.${name}`)}</th>
              <td>{shown(credits)}</td>
            </tr>
          ))}
        </tfoot>
      </table>
      {receipt.bundle && (
        <p className={styles.facts}>
          {t('receipt.bundle', { title: receipt.bundle.title, count: receipt.bundle.off })}
        </p>
      )}
    </div>
  );
}

/** What stands under the line: all that was set aside is spent or comes back. */
function totalsOf({ state, reserved, spent, returned, refunded }: Receipt) {
  const rest = { open: reserved - spent, released: returned, expired: returned }[state];
  const back = ({ open: 'open', released: 'returned', expired: 'expired' } as const)[state];
  return [
    ['spent', spent],
    ['reserved', reserved],
    [back, rest],
    ...(refunded > 0 ? [['refunded', refunded] as const] : []),
  ] as const;
}

function shown(credits: number): string {
  return credits.toLocaleString('en');
}
