import type { Transfer } from '@imaginarium/protocol';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { RelativeTime } from '../components/RelativeTime.tsx';
import styles from './WalletScreen.module.css';

const signed = new Intl.NumberFormat('en', { signDisplay: 'exceptZero' });

/** Transfers as lines of an account book. */
export function LedgerTable({ transfers }: { transfers: readonly Transfer[] }) {
  const { t } = useTranslation('wallet');
  return (
    <div className={styles.card}>
      <table className={styles.table}>
        <caption className={styles.hidden}>{t('ledger.title')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('column.when')}</th>
            <th scope="col">{t('column.kind')}</th>
            <th scope="col">{t('column.what')}</th>
            <th scope="col" className={styles.number}>
              {t('column.change')}
            </th>
            <th scope="col" className={styles.number}>
              {t('column.balance')}
            </th>
          </tr>
        </thead>
        <tbody>
          {transfers.map((transfer) => (
            <tr key={transfer.id}>
              <td className={styles.quiet}>
                <RelativeTime at={transfer.createdAt} />
              </td>
              <td>{t(`kind.${transfer.kind}`)}</td>
              <td className={styles.what}>
                <WhatFor transfer={transfer} />
              </td>
              <td className={styles.number}>
                <Change transfer={transfer} />
              </td>
              <td className={styles.number}>{transfer.balance?.toLocaleString('en') ?? '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function WhatFor({ transfer }: { transfer: Transfer }) {
  const { t } = useTranslation('wallet');
  const { runId, workflowName, node, nodeName, nodeType, iteration, reason, actor, actorName } = transfer;
  const by = actorName ?? (actor === 'server' ? t('server') : actor);
  const name = nodeName ?? node;
  const step = name === null ? null : iteration === '' ? name : `${name} ${iteration}`;
  return (
    <div className={styles.reasons}>
      {runId !== null && <Link to={`/runs/${runId}`}>{workflowName ?? t('run')}</Link>}
      {reason !== null && <span>{reason}</span>}
      {step !== null && <span className={styles.quiet}>{step}</span>}
      {nodeType !== null && <code className={styles.quiet}>{nodeType}</code>}
      {by !== null && <span className={styles.quiet}>{t('by', { name: by })}</span>}
    </div>
  );
}

/** What it did to the wallet; where that is nothing, what was counted. */
function Change({ transfer: { change, amount } }: { transfer: Transfer }) {
  const { t } = useTranslation('wallet');
  if (change !== 0) return signed.format(change);
  return (
    <>
      <span className={styles.quiet}>{t('counted')}</span> {amount.toLocaleString('en')}
    </>
  );
}
