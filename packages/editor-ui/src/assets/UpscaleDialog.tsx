import { type Asset, refuseUpscale, UPSCALE_TIERS, type UpscaleTier, type WorkspaceQuote } from '@imaginarium/protocol';
import AntApp from 'antd/es/app';
import Modal from 'antd/es/modal';
import Skeleton from 'antd/es/skeleton';
import type { TFunction } from 'i18next';
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useStartUpscale, useUpscaleQuotes } from '../api/assets.ts';
import { newIdempotencyKey } from '../api/idempotency-key.ts';
import { CreditAmount } from '../components/CreditAmount.tsx';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import { formatDuration } from '../components/format.ts';
import styles from './UpscaleDialog.module.css';

interface UpscaleDialogProps {
  asset: Asset;
  open: boolean;
  onClose: () => void;
}

/** Chooses how large an asset is upscaled, by what comes of it, price and time. */
export function UpscaleDialog({ asset, open, onClose }: UpscaleDialogProps) {
  const { t } = useTranslation('assets');
  const { message } = AntApp.useApp();
  const { original } = asset;
  const refusalOf = (one: UpscaleTier) => original && refuseUpscale(original, one);
  const [tier, setTier] = useState<UpscaleTier>(refusalOf('standard') ? 'free' : 'standard');
  const quotes = useUpscaleQuotes(asset.id, open);
  const start = useStartUpscale(asset.id);
  // A second press after a lost answer starts nothing twice.
  const [key, setKey] = useState(newIdempotencyKey);
  const quote = quotes.data?.find((one) => one.tier === tier)?.quote;
  const short = quote && shortOf(quote);
  const isRefused = Boolean(refusalOf(tier));
  const formId = useId();
  const form = useRef<HTMLFormElement>(null);
  const hasQuotes = quotes.data !== undefined;
  useEffect(() => {
    if (open && hasQuotes) focusChosen(form.current);
  }, [open, hasQuotes]);
  const close = () => {
    setKey(newIdempotencyKey());
    start.reset();
    onClose();
  };
  const begin = (event: FormEvent) => {
    event.preventDefault();
    if (!quote || short || isRefused || start.isPending) return;
    start.mutate(
      { tier, maxCredits: quote.total, key: `${key} ${tier}` },
      {
        onSuccess: () => {
          void message.success(t('upscale.started'));
          close();
        },
        // What it costs may be what has changed.
        onError: () => void quotes.refetch(),
      },
    );
  };
  return (
    <Modal
      open={open}
      title={t('upscale.title', { name: asset.name })}
      width={560}
      okText={quote ? startText(quote.total, t) : t('upscale.start')}
      okButtonProps={{
        htmlType: 'submit',
        form: formId,
        disabled: !quote || short !== undefined || isRefused,
        loading: start.isPending,
      }}
      onCancel={close}
      afterOpenChange={(isOpen) => isOpen && focusChosen(form.current)}
      destroyOnHidden
    >
      {quotes.isPending && (
        <div role="status" aria-label={t('upscale.quoting')}>
          <Skeleton active title={false} paragraph={{ rows: 8 }} />
        </div>
      )}
      {quotes.error && !quotes.data && (
        <ErrorNotice error={quotes.error} title={t('upscale.quoteFailed')} onRetry={() => void quotes.refetch()} />
      )}
      {quotes.data && (
        <form id={formId} ref={form} onSubmit={begin}>
          <fieldset className={styles.tiers}>
            <legend className={styles.hidden}>{t('upscale.tiers')}</legend>
            {quotes.data.map((one) => (
              <TierChoice
                key={one.tier}
                {...one}
                original={original}
                refusal={refusalOf(one.tier)}
                isChosen={one.tier === tier}
                onChoose={() => setTier(one.tier)}
              />
            ))}
          </fieldset>
        </form>
      )}
      {short && (
        <p className={styles.short} role="status">
          {t(short.of === 'wallet' ? 'upscale.short' : 'upscale.overBudget', { count: short.credits })}{' '}
          <Link to="/wallet">{t('upscale.wallet')}</Link>
        </p>
      )}
      {start.error && <ErrorNotice error={start.error} title={t('upscale.failed')} />}
    </Modal>
  );
}

interface TierChoiceProps {
  tier: UpscaleTier;
  quote: WorkspaceQuote;
  original: Asset['original'];
  /** Why it cannot be chosen. */
  refusal: string | null | undefined;
  isChosen: boolean;
  onChoose: () => void;
}

function TierChoice({ tier, quote, original, refusal, isChosen, onChoose }: TierChoiceProps) {
  const { t } = useTranslation('assets');
  const scale = UPSCALE_TIERS[tier];
  // What brings the picture in is never kept, and takes no time.
  const isKnown = quote.nodes.at(-1)?.cache === 'yes';
  const remarks = quote.nodes.flatMap((node) => node.remarks ?? []);
  return (
    <label className={`${styles.tier} ${isChosen ? styles.chosen : ''} ${refusal ? styles.refused : ''}`}>
      <input type="radio" name="tier" value={tier} checked={isChosen} disabled={Boolean(refusal)} onChange={onChoose} />
      <span className={styles.what}>
        <strong>
          {t(`tier.${tier}`)} · {t(`tierName.${tier}`)}
        </strong>
        {original?.width && original.height && (
          <small>{t('upscale.size', { width: original.width * scale, height: original.height * scale })}</small>
        )}
        {refusal && <small className={styles.remark}>{refusal}</small>}
        {isChosen &&
          remarks.map((sentence) => (
            <small key={sentence} className={styles.remark}>
              {sentence}
            </small>
          ))}
      </span>
      {!refusal && (
        <span className={styles.price}>
          <CreditAmount credits={quote.total} />
          <small>{isKnown ? t('upscale.cached') : t('upscale.time', { time: formatDuration(quote.estimateMs) })}</small>
        </span>
      )}
    </label>
  );
}

/** From there arrow keys choose at once, and Enter begins. */
function focusChosen(form: HTMLFormElement | null): void {
  form?.querySelector<HTMLInputElement>('input:checked')?.focus();
}

/** What the wallet, or else the budget, is short of; undefined when both have enough. */
function shortOf({ wallet, budget }: WorkspaceQuote): { of: 'wallet' | 'budget'; credits: number } | undefined {
  if (wallet && wallet.after < 0) return { of: 'wallet', credits: -wallet.after };
  if (budget && budget.after < 0) return { of: 'budget', credits: -budget.after };
  return undefined;
}

function startText(credits: number, t: TFunction<'assets'>): string {
  return credits === 0 ? t('upscale.startFree') : t('upscale.startFor', { count: credits });
}
