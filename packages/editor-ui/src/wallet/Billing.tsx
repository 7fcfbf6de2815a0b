import type { BillingState } from '@imaginarium/protocol';
import Button from 'antd/es/button';
import { useTranslation } from 'react-i18next';
import { useBilling, useSetBillingCustomer } from '../api/billing.ts';
import { useWallets } from '../api/credits.ts';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import { TextField } from '../components/TextField.tsx';
import { useForm } from '../components/use-form.ts';
import styles from './WalletScreen.module.css';

/** Who is billed for what they use, and what waits for a person. For the owner of a server that bills. */
export function Billing() {
  const { t } = useTranslation('wallet');
  const billing = useBilling();
  if (billing.error && !billing.data)
    return <ErrorNotice error={billing.error} title={t('billing.loadFailed')} onRetry={() => void billing.refetch()} />;
  if (!billing.data) return null;
  const { reports, open, short } = billing.data;
  return (
    <section className={styles.section} aria-labelledby="billing">
      <h2 id="billing">{t('billing.title')}</h2>
      <p className={styles.lead}>{t('billing.lead', reports)}</p>
      {open.length > 0 && <OpenReports open={open} />}
      {short.length > 0 && <ShortRefunds short={short} />}
      <Customers state={billing.data} />
    </section>
  );
}

function OpenReports({ open }: Pick<BillingState, 'open'>) {
  const { t } = useTranslation('wallet');
  return (
    <div role="status" className={`${styles.notice} ${styles.low}`}>
      <strong>{t('billing.open', { count: open.length })}</strong>
      <ul className={styles.plain}>
        {open.map(({ id, name, credits, error }) => (
          <li key={id}>{t('billing.report', { name, credits: credits.toLocaleString('en'), error })}</li>
        ))}
      </ul>
    </div>
  );
}

function ShortRefunds({ short }: Pick<BillingState, 'short'>) {
  const { t } = useTranslation('wallet');
  return (
    <div role="status" className={`${styles.notice} ${styles.low}`}>
      <strong>{t('billing.short', { count: short.length })}</strong>
      <ul className={styles.plain}>
        {short.map(({ purchase, name, missing }) => (
          <li key={purchase}>{t('billing.shortBy', { name, purchase, credits: missing.toLocaleString('en') })}</li>
        ))}
      </ul>
    </div>
  );
}

function Customers({ state }: { state: BillingState }) {
  const { t } = useTranslation('wallet');
  const wallets = useWallets();
  const known = new Map(state.customers.map(({ workspaceId, customerId }) => [workspaceId, customerId]));
  return (
    <>
      {wallets.error && (
        <ErrorNotice error={wallets.error} title={t('grant.walletsFailed')} onRetry={() => void wallets.refetch()} />
      )}
      {wallets.data?.wallets.map(({ workspaceId, name }) => (
        // A customer that changed elsewhere begins the form anew.
        <CustomerForm
          key={`${workspaceId} ${known.get(workspaceId) ?? ''}`}
          workspaceId={workspaceId}
          name={name}
          customer={known.get(workspaceId) ?? ''}
        />
      ))}
    </>
  );
}

function CustomerForm({ workspaceId, name, customer }: { workspaceId: string; name: string; customer: string }) {
  const { t } = useTranslation('wallet');
  const save = useSetBillingCustomer();
  const form = useForm({
    initial: { customer },
    check: ({ customer: id }) => (id.trim().length > 255 ? { customer: t('billing.tooLong') } : {}),
    onSubmit: ({ customer: id }) => save.mutate({ workspaceId, customerId: id.trim() || null }),
  });
  const isSame = form.values.customer.trim() === customer;
  return (
    <>
      <form className={`${styles.buy} ${styles.customer}`} onSubmit={form.submit} noValidate>
        <TextField
          {...form.field('customer')}
          label={t('billing.customer', { name })}
          placeholder="cus_…"
          autoComplete="off"
          help={customer === '' ? t('billing.nobody') : undefined}
        />
        <Button
          size="large"
          htmlType="submit"
          loading={save.isPending}
          disabled={isSame}
          title={isSame ? t('billing.same') : undefined}
        >
          {t('billing.save')}
        </Button>
      </form>
      {save.error && <ErrorNotice error={save.error} title={t('billing.failed')} />}
    </>
  );
}
