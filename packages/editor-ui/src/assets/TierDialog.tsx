import type { UpscaleTier, WorkspaceQuote } from '@imaginarium/protocol';
import Modal from 'antd/es/modal';
import Skeleton from 'antd/es/skeleton';
import type { TFunction } from 'i18next';
import { type FormEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { newIdempotencyKey } from '../api/idempotency-key.ts';
import { AddedTime } from '../components/AddedTime.tsx';
import { CreditAmount } from '../components/CreditAmount.tsx';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import { formatDuration } from '../components/format.ts';
import styles from './TierDialog.module.css';
import { tierTitle } from './tier-words.ts';

/** A tier to choose. */
export interface TierOffer {
  tier: UpscaleTier;
  /** Null where it cannot be chosen. */
  quote: WorkspaceQuote | null;
  /** Why it cannot be chosen. */
  refusal: string | undefined;
  /** What comes of it, such as its pixels. */
  result: string | undefined;
  /** What a person should know who chooses it, said below the tiers. */
  details?: ReactNode;
}

/** What is begun: the tier, for no more than was shown, under a key that makes a second press begin nothing. */
export interface ChosenTier {
  tier: UpscaleTier;
  maxCredits: number;
  key: string;
}

interface TierDialogProps {
  title: string;
  /** Undefined while they are looked up. */
  offers: readonly TierOffer[] | undefined;
  /** Why they could not be looked up. */
  offersError: Error | null;
  onLookAgain: () => void;
  open: boolean;
  onClose: () => void;
  onBegin: (chosen: ChosenTier) => void;
  isBeginning: boolean;
  /** Why it did not begin. */
  error: Error | null;
}

/** Chooses how large something is upscaled, by what comes of it, price and time. */
export function TierDialog({ title, offers, offersError, onLookAgain, open, onClose, ...begun }: TierDialogProps) {
  const { t } = useTranslation('assets');
  const [picked, setPicked] = useState<UpscaleTier>();
  // A second press after a lost answer begins nothing twice; who opens it again means another one.
  const [key, setKey] = useState(newIdempotencyKey);
  const chosen = offers?.find(({ tier }) => tier === (picked ?? firstChoice(offers)));
  const quote = chosen?.quote;
  const short = quote && shortOf(quote);
  const canBegin = Boolean(quote) && !short && chosen?.refusal === undefined;
  const formId = useId();
  const form = useRef<HTMLFormElement>(null);
  const hasOffers = offers !== undefined;
  useEffect(() => {
    if (open && hasOffers) focusChosen(form.current);
  }, [open, hasOffers]);
  useEffect(() => {
    if (!open) setKey(newIdempotencyKey());
  }, [open]);
  const begin = (event: FormEvent) => {
    event.preventDefault();
    if (!chosen || !quote || !canBegin || begun.isBeginning) return;
    begun.onBegin({ tier: chosen.tier, maxCredits: quote.total, key: `${key} ${chosen.tier}` });
  };
  return (
    <Modal
      open={open}
      title={title}
      width={560}
      okText={quote ? startText(quote.total, t) : t('upscale.start')}
      okButtonProps={{ htmlType: 'submit', form: formId, disabled: !canBegin, loading: begun.isBeginning }}
      onCancel={onClose}
      afterOpenChange={(isOpen) => isOpen && focusChosen(form.current)}
      destroyOnHidden
    >
      {!offers && !offersError && (
        <div role="status" aria-label={t('upscale.quoting')}>
          <Skeleton active title={false} paragraph={{ rows: 8 }} />
        </div>
      )}
      {!offers && offersError && (
        <ErrorNotice error={offersError} title={t('upscale.quoteFailed')} onRetry={onLookAgain} />
      )}
      {offers && (
        <form id={formId} ref={form} onSubmit={begin}>
          <fieldset className={styles.tiers}>
            <legend className={styles.hidden}>{t('upscale.tiers')}</legend>
            {offers.map((offer) => (
              <TierChoice
                key={offer.tier}
                offer={offer}
                isChosen={offer === chosen}
                onChoose={() => setPicked(offer.tier)}
              />
            ))}
          </fieldset>
        </form>
      )}
      {chosen?.details}
      {short && (
        <p className={styles.short} role="status">
          {t(short.of === 'wallet' ? 'upscale.short' : 'upscale.overBudget', { count: short.credits })}{' '}
          <Link to="/wallet">{t('upscale.wallet')}</Link>
        </p>
      )}
      {begun.error && <ErrorNotice error={begun.error} title={t('upscale.failed')} />}
    </Modal>
  );
}

interface TierChoiceProps {
  offer: TierOffer;
  isChosen: boolean;
  onChoose: () => void;
}

function TierChoice({ offer: { tier, quote, refusal, result }, isChosen, onChoose }: TierChoiceProps) {
  const { t } = useTranslation('assets');
  // What brings the picture in is never kept, and takes no time.
  const isKnown = quote?.nodes.at(-1)?.cache === 'yes';
  const remarks = quote?.nodes.flatMap((node) => node.remarks ?? []) ?? [];
  const adds = quote?.nodes.flatMap((node) => node.adds ?? []) ?? [];
  const isRefused = refusal !== undefined;
  return (
    <label className={`${styles.tier} ${isChosen ? styles.chosen : ''} ${isRefused ? styles.refused : ''}`}>
      <input type="radio" name="tier" value={tier} checked={isChosen} disabled={isRefused} onChange={onChoose} />
      <span className={styles.what}>
        <strong>{tierTitle(tier, t)}</strong>
        {result && <small>{result}</small>}
        {isRefused && <small className={styles.remark}>{refusal}</small>}
        {isChosen &&
          remarks.map((sentence) => (
            <small key={sentence} className={styles.remark}>
              {sentence}
            </small>
          ))}
      </span>
      {quote && !isRefused && (
        <span className={styles.price}>
          <CreditAmount credits={quote.total} />
          <small>{isKnown ? t('upscale.cached') : t('upscale.time', { time: formatDuration(quote.estimateMs) })}</small>
          {adds.map((each) => (
            <small key={each.each}>
              <AddedTime adds={each} />
            </small>
          ))}
        </span>
      )}
    </label>
  );
}

/** The tier that most want, or else the first that can be had. */
function firstChoice(offers: readonly TierOffer[]): UpscaleTier | undefined {
  const possible = offers.filter(({ refusal }) => refusal === undefined);
  return (possible.find(({ tier }) => tier === 'standard') ?? possible[0])?.tier;
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
