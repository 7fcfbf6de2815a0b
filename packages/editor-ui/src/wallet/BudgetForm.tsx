import { type Budget, creditAmountSchema, MAX_CREDITS } from '@imaginarium/protocol';
import Button from 'antd/es/button';
import { useTranslation } from 'react-i18next';
import { useSetBudget } from '../api/credits.ts';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import { TextField } from '../components/TextField.tsx';
import { useForm } from '../components/use-form.ts';
import styles from './WalletScreen.module.css';

/** Sets the budget of a month, or ends it. For the owner of the workspace. */
export function BudgetForm({ budget, onDone }: { budget: Budget; onDone: () => void }) {
  const { t } = useTranslation('wallet');
  const save = useSetBudget();
  const form = useForm({
    initial: { amount: budget.amount === null ? '' : String(budget.amount) },
    check: ({ amount }) =>
      /^\d+$/.test(amount) && creditAmountSchema.safeParse(Number(amount)).success
        ? {}
        : { amount: t('grant.badAmount', { most: MAX_CREDITS.toLocaleString('en') }) },
    onSubmit: ({ amount }) => save.mutate(Number(amount), { onSuccess: onDone }),
  });
  return (
    <>
      <form className={styles.form} onSubmit={form.submit} noValidate>
        <TextField
          {...form.field('amount')}
          label={t('budget.amount')}
          help={t('budget.help')}
          inputMode="numeric"
          autoComplete="off"
          autoFocus
        />
        <div className={styles.acts}>
          <Button size="large" type="primary" htmlType="submit" loading={save.isPending}>
            {t('budget.save')}
          </Button>
          {budget.amount !== null && (
            <Button size="large" disabled={save.isPending} onClick={() => save.mutate(null, { onSuccess: onDone })}>
              {t('budget.end')}
            </Button>
          )}
          <Button size="large" type="text" onClick={onDone}>
            {t('budget.cancel')}
          </Button>
        </div>
      </form>
      {save.error && <ErrorNotice error={save.error} title={t('budget.failed')} />}
    </>
  );
}
