import { type Currency, creditAmountSchema, MAX_CREDITS } from '@imaginarium/protocol';
import Button from 'antd/es/button';
import { ExternalLink } from 'lucide-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useBuyCredits } from '../api/credits.ts';
import { newIdempotencyKey } from '../api/idempotency-key.ts';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import { formatMoney } from '../components/format.ts';
import { TextField } from '../components/TextField.tsx';
import { useForm } from '../components/use-form.ts';
import styles from './WalletScreen.module.css';

/** Leads to the page on which credits are paid for. */
export function BuyForm({ currency }: { currency: Currency }) {
  const { t } = useTranslation('wallet');
  const buy = useBuyCredits();
  const key = useRef({ credits: 0, idempotencyKey: '' });
  const form = useForm({
    initial: { credits: '' },
    check: ({ credits }) =>
      isAmount(credits) ? {} : { credits: t('grant.badAmount', { most: MAX_CREDITS.toLocaleString('en') }) },
    onSubmit: ({ credits }) => {
      // The same again after a lost answer leads to the same checkout.
      if (key.current.credits !== Number(credits))
        key.current = { credits: Number(credits), idempotencyKey: newIdempotencyKey() };
      buy.mutate(key.current, { onSuccess: ({ url }) => window.location.assign(url) });
    },
  });
  const { credits } = form.values;
  return (
    <section className={styles.section} aria-labelledby="buy">
      <h2 id="buy">{t('buy.title')}</h2>
      <p className={styles.lead}>{t('buy.lead', { money: formatMoney(1, currency) })}</p>
      <form className={styles.buy} onSubmit={form.submit} noValidate>
        <TextField
          {...form.field('credits')}
          label={t('buy.credits')}
          inputMode="numeric"
          autoComplete="off"
          help={isAmount(credits) ? formatMoney(Number(credits), currency) : undefined}
        />
        <Button size="large" htmlType="submit" loading={buy.isPending} icon={<ExternalLink size={14} aria-hidden />}>
          {t('buy.submit')}
        </Button>
      </form>
      {buy.error && <ErrorNotice error={buy.error} title={t('buy.failed')} />}
    </section>
  );
}

/** Whether a text is an amount of credits that can be bought or given. */
export function isAmount(text: string): boolean {
  return /^\d+$/.test(text) && creditAmountSchema.safeParse(Number(text)).success;
}
