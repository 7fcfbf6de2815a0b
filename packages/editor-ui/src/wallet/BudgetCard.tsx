import { BUDGET_WARNING_PERCENT, type Budget } from '@imaginarium/protocol';
import Button from 'antd/es/button';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../api/session.ts';
import { formatDay } from '../components/format.ts';
import { BudgetForm } from './BudgetForm.tsx';
import styles from './WalletScreen.module.css';

/** What was spent this month, of the budget where there is one; its owner sets it. */
export function BudgetCard({ budget }: { budget: Budget }) {
  const { t } = useTranslation('wallet');
  const [changing, setChanging] = useState(false);
  const isOwner = useSession().data?.workspace.role === 'owner';
  const { amount, used, left, beginsAgain } = budget;
  const percent = amount === null ? 0 : Math.floor((used / amount) * 100);
  return (
    <section className={styles.section} aria-labelledby="budget">
      <h2 id="budget">{t('budget.title')}</h2>
      <div className={styles.budget}>
        <p>
          {amount === null
            ? t('budget.none', { used: used.toLocaleString('en') })
            : t('budget.used', { used: used.toLocaleString('en'), amount: amount.toLocaleString('en') })}
        </p>
        {amount !== null && <Meter used={used} amount={amount} label={t('budget.title')} />}
        {left !== null && (
          <p className={percent >= BUDGET_WARNING_PERCENT ? styles.warning : styles.quiet}>
            {t(left === 0 ? 'budget.spent' : percent >= BUDGET_WARNING_PERCENT ? 'budget.little' : 'budget.left', {
              left: left.toLocaleString('en'),
              day: formatDay(beginsAgain),
            })}
          </p>
        )}
        {isOwner && !changing && (
          <Button onClick={() => setChanging(true)}>{t(amount === null ? 'budget.set' : 'budget.change')}</Button>
        )}
        {changing && <BudgetForm budget={budget} onDone={() => setChanging(false)} />}
      </div>
    </section>
  );
}

function Meter({ used, amount, label }: { used: number; amount: number; label: string }) {
  const share = Math.min(1, used / amount);
  return (
    <meter
      className={styles.meter}
      aria-label={label}
      min={0}
      max={1}
      high={BUDGET_WARNING_PERCENT / 100}
      value={share}
    >
      {Math.round(share * 100)} %
    </meter>
  );
}
