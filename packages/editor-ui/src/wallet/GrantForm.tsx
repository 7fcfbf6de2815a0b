import { MAX_CREDITS } from '@imaginarium/protocol';
import AntApp from 'antd/es/app';
import Button from 'antd/es/button';
import Select from 'antd/es/select';
import { useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Grant, useGrantCredits, useWallets } from '../api/credits.ts';
import { newIdempotencyKey } from '../api/idempotency-key.ts';
import { useSession } from '../api/session.ts';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import { TextField } from '../components/TextField.tsx';
import { useForm } from '../components/use-form.ts';
import { isAmount } from './BuyForm.tsx';
import styles from './WalletScreen.module.css';

/** Gives credits to a workspace, with a reason for the ledger. For the owner of the server. */
export function GrantForm() {
  const { t } = useTranslation('wallet');
  const { message } = AntApp.useApp();
  const grant = useGrantCredits();
  const keyed = useKeyed();
  const id = useId();
  const own = useSession().data?.workspace.id ?? '';
  const [chosen, setChosen] = useState<string | null>(null);
  const workspaceId = chosen ?? own;
  const wallets = useWallets();
  const others = wallets.data?.wallets ?? [];
  const name = others.find((wallet) => wallet.workspaceId === workspaceId)?.name ?? '';
  const form = useForm({
    initial: { amount: '', reason: '' },
    check: ({ amount, reason }) => ({
      ...(isAmount(amount) ? {} : { amount: t('grant.badAmount', { most: MAX_CREDITS.toLocaleString('en') }) }),
      ...(reason.trim() === '' ? { reason: t('grant.noReason') } : {}),
      ...(reason.trim().length > 500 ? { reason: t('grant.longReason') } : {}),
    }),
    onSubmit: ({ amount, reason }) =>
      grant.mutate(keyed.of(workspaceId, Number(amount), reason.trim()), {
        onSuccess: (transfer) => {
          keyed.forget();
          form.reset();
          const formatted = transfer.amount.toLocaleString('en');
          void message.success(t('grant.done', { count: transfer.amount, formatted, name }));
        },
      }),
  });
  return (
    <section className={styles.section} aria-labelledby="grant">
      <h2 id="grant">{t('grant.title')}</h2>
      <p className={styles.lead}>{t('grant.lead')}</p>
      {wallets.error && (
        <ErrorNotice error={wallets.error} title={t('grant.walletsFailed')} onRetry={() => void wallets.refetch()} />
      )}
      <form className={styles.form} onSubmit={form.submit} noValidate>
        <div className={styles.to}>
          <label htmlFor={id}>{t('grant.to')}</label>
          <Select
            id={id}
            size="large"
            showSearch={{ optionFilterProp: 'label' }}
            loading={wallets.isPending}
            value={workspaceId}
            options={others.map((wallet) => ({
              value: wallet.workspaceId,
              label: t(wallet.workspaceId === own ? 'grant.own' : 'grant.other', {
                name: wallet.name,
                credits: wallet.balance.toLocaleString('en'),
              }),
            }))}
            onChange={(next: string) => setChosen(next)}
          />
        </div>
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

/** Gives a grant its key, and the same one again for the same grant: a press after a lost answer gives nothing twice. */
function useKeyed() {
  const last = useRef<Grant | null>(null);
  return {
    of(workspaceId: string, amount: number, reason: string): Grant {
      const asked = { workspaceId, amount, reason };
      const before = last.current;
      const same = before && Object.entries(asked).every(([key, value]) => before[key as keyof Grant] === value);
      const grant = same ? before : { ...asked, idempotencyKey: newIdempotencyKey() };
      last.current = grant;
      return grant;
    },
    forget(): void {
      last.current = null;
    },
  };
}
