import type { WorkspaceQuote } from '@imaginarium/protocol';
import { Info } from 'lucide-react';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { AddedTime } from '../../components/AddedTime.tsx';
import { CreditAmount } from '../../components/CreditAmount.tsx';
import { formatDay, formatDuration } from '../../components/format.ts';
import styles from './TopBar.module.css';

/** A quote node by node, with what is saved, what that is in money, and what wallet and budget have afterwards. */
export function QuoteTable({ quote }: { quote: WorkspaceQuote }) {
  const { t, i18n } = useTranslation('editor');
  const { nodes, bundle, least, most, total, wallet, budget, amount, currency } = quote;
  const shown = nodes.filter(
    ({ credits, estimateMs, cache, remarks }) => credits > 0 || estimateMs >= 1 || cache === 'yes' || remarks,
  );
  const money = new Intl.NumberFormat(i18n.language, { style: 'currency', currency, maximumFractionDigits: 2 });
  return (
    <div className={styles.quoteTable}>
      {shown.map((entry) => (
        <Fragment key={entry.node}>
          <span>
            {entry.name}
            {entry.saved > 0 && <small> · {t('quote.saved', { count: entry.saved })}</small>}
            {entry.cache === 'maybe' && entry.credits > 0 && <small> · {t('quote.maybeFree')}</small>}
          </span>
          <CreditAmount credits={entry.credits} />
          <span>{entry.cache === 'yes' ? t('quote.kept') : `~${formatDuration(entry.estimateMs)}`}</span>
          {entry.adds && (
            <span className={styles.quoteLine}>
              <AddedTime adds={entry.adds} />
            </span>
          )}
          {entry.remarks?.map((remark) => (
            <Remark key={remark} text={remark} />
          ))}
        </Fragment>
      ))}
      {bundle && <Note text={t('quote.bundle', { title: bundle.title, count: bundle.credits })} />}
      {(most !== total || least !== total) && (
        <Note text={most === null ? t('quote.atLeast', { least }) : t('quote.between', { least, most })} />
      )}
      {total > 0 && <Note text={money.format(amount)} />}
      {wallet && (
        <Note text={t(wallet.after < 0 ? 'quote.short' : 'quote.after', { ...wallet, missing: -wallet.after })} />
      )}
      {budget && (
        <Note
          text={t(budget.after < 0 ? 'quote.overBudget' : 'quote.budget', {
            ...{ ...budget, missing: -budget.after },
            day: formatDay(budget.beginsAgain),
          })}
        />
      )}
    </div>
  );
}

function Note({ text }: { text: string }) {
  return <span className={styles.quoteLine}>{text}</span>;
}

/** What a node says of itself before the run. */
function Remark({ text }: { text: string }) {
  return (
    <span className={styles.quoteRemark}>
      <Info size={12} aria-hidden />
      {text}
    </span>
  );
}
