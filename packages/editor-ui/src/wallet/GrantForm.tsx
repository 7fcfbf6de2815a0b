import { creditAmountSchema, MAX_CREDITS } from '@imaginarium/protocol';
import AntApp from 'antd/es/app';
import Button from 'antd/es/button';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { type Grant, useGrantCredits } from '../api/credits.ts';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import { TextField } from '../components/TextField.tsx';
import { useForm } from '../components/use-form.ts';
import styles from './WalletScreen.module.css';

/** Gives credits to the workspace, with a reason for the ledger. For the owner of the server. */
export function GrantForm() {
  const { t } = useTranslation('wallet');
  const { message } = AntApp.useApp();
  const grant = useGrantCredits();
  const keyed = useKeyed();
  const form = useForm({
    initial: { amount: '', reason: '' },
    check: ({ amount, reason }) => ({
      ...(isAmount(amount) ? {} : { amount: t('grant.badAmount', { most: MAX_CREDITS.toLocaleString('en') }) }),
      ...(reason.trim() === '' ? { reason: t('grant.noReason') } : {}),
      ...(reason.trim().length > 500 ? { reason: t('grant.longReason') } : {}),
    }),
    onSubmit: ({ amount, reason }) =>
      grant.mutate(keyed.of(Number(amount), reason.trim()), {
        onSuccess: (transfer) => {
          keyed.forget();
          form.reset();
          const formatted = transfer.amount.toLocaleString('en');
          void message.success(t('grant.done', { count: transfer.amount, formatted }));
        },
      }),
  });
  return (
    <section className={styles.section} aria-labelledby="grant">
      <h2 id="grant">{t('grant.title')}</h2>
      <p className={styles.lead}>{t('grant.lead')}</p>
      <form className={styles.form} onSubmit={form.submit} noValidate>
        <TextField {...form.field('amount')} label={t('grant.amount')} inputMode="numeric" autoComplete="off" />
        <TextField
          {...form.field('reason')}
          label={t('grant.reason')}
          placeholder={t('grant.reasonHint')}
          autoComplete="off"
        />
        <Button size="large" htmlType="submit" loading={grant.isPending}>
          {t('grant.submit')}
        </Button>
      </form>
      {grant.error && <ErrorNotice error={grant.error} title={t('grant.failed')} />}
    </section>
  );
}

function isAmount(text: string): boolean {
  return /^\d+$/.test(text) && creditAmountSchema.safeParse(Number(text)).success;
}

/** Gives a grant its key, and the same one again for the same grant: a press after a lost answer gives nothing twice. */
function useKeyed() {
  const last = useRef<Grant | null>(null);
  return {
    of(amount: number, reason: string): Grant {
      const same = last.current?.amount === amount && last.current.reason === reason;
      const grant = same && last.current ? last.current : { amount, reason, idempotencyKey: crypto.randomUUID() };
      last.current = grant;
      return grant;
    },
    forget(): void {
      last.current = null;
    },
  };
}
