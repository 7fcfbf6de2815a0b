import type { Notice, NoticeAbout } from '@imaginarium/protocol';
import Button from 'antd/es/button';
import { Check, CircleSlash, CircleX, Unplug, Wallet } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { formatDay } from '../components/format.ts';
import { RelativeTime } from '../components/RelativeTime.tsx';
import styles from './NoticeSection.module.css';

interface NoticeCardProps {
  notice: Notice;
  onRead: () => void;
}

/** One thing that the person was told, with the way to what it is about. Going there reads it. */
export function NoticeCard({ notice: { about, createdAt, readAt }, onRead }: NoticeCardProps) {
  const { t } = useTranslation('notices');
  const isNew = readAt === null;
  return (
    <li className={isNew ? `${styles.notice} ${styles.new}` : styles.notice}>
      <Mark about={about} />
      <div className={styles.text}>
        <Link to={placeOf(about)} onClick={() => isNew && onRead()}>
          <Title about={about} />
        </Link>
        <Details about={about} />
        <span className={styles.quiet}>
          <RelativeTime at={createdAt} />
          {isNew && ` · ${t('new')}`}
        </span>
      </div>
      {isNew && (
        <Button
          type="text"
          shape="circle"
          icon={<Check size={14} aria-hidden />}
          aria-label={t('read')}
          title={t('read')}
          onClick={onRead}
        />
      )}
    </li>
  );
}

function placeOf(about: NoticeAbout): string {
  if (about.kind === 'run-ended') return `/runs/${about.runId}`;
  if (about.kind === 'webhook-dead') return `/assets/${about.assetId}`;
  return about.kind === 'run-refused' ? `/workflows/${about.workflowId}` : '/wallet';
}

function Mark({ about }: { about: NoticeAbout }) {
  if (about.kind === 'run-refused') return <CircleSlash size={16} aria-hidden className={styles.failed} />;
  if (about.kind === 'webhook-dead') return <Unplug size={16} aria-hidden className={styles.failed} />;
  if (about.kind !== 'run-ended') return <Wallet size={16} aria-hidden className={styles.low} />;
  return about.state === 'failed' ? (
    <CircleX size={16} aria-hidden className={styles.failed} />
  ) : (
    <CircleSlash size={16} aria-hidden className={styles.cancelled} />
  );
}

function Title({ about }: { about: NoticeAbout }) {
  const { t } = useTranslation('notices');
  switch (about.kind) {
    case 'run-ended':
      if (about.state === 'failed' && about.step !== null)
        return t('failedAt', { name: about.workflowName, step: about.step });
      return t(about.state, { name: about.workflowName });
    case 'credits-low':
      return t('creditsLow', { count: about.available, credits: about.available.toLocaleString('en') });
    case 'budget-low':
      return t('budgetLow', { used: about.used.toLocaleString('en'), amount: about.amount.toLocaleString('en') });
    case 'run-refused':
      return t('runRefused', { name: about.workflowName });
    case 'refund-short':
      return t('refundShort', { count: about.missing, credits: about.missing.toLocaleString('en') });
    case 'webhook-dead':
      return t('webhookDead', { host: about.host, name: about.assetName });
  }
}

function Details({ about }: { about: NoticeAbout }) {
  const { t } = useTranslation('notices');
  switch (about.kind) {
    case 'run-ended': {
      const { message, charged, returned } = about;
      const nothing = charged === 0 && returned === 0;
      const credits = { charged: charged.toLocaleString('en'), returned: returned.toLocaleString('en') };
      return (
        <>
          {message !== null && <p>{message}</p>}
          <p>{nothing ? t('free') : t('amounts', credits)}</p>
        </>
      );
    }
    case 'credits-low':
      return <p>{t('creditsLowText')}</p>;
    case 'budget-low':
      return <p>{t('budgetLowText', { day: formatDay(about.beginsAgain) })}</p>;
    case 'run-refused': {
      const { missing, beginsAgain } = about;
      const credits = { count: missing, credits: missing.toLocaleString('en') };
      const day = beginsAgain === null ? '' : formatDay(beginsAgain);
      return <p>{t(`refusedFor.${about.reason}`, { ...credits, day })}</p>;
    }
    case 'refund-short':
      return <p>{t('refundShortText', { taken: about.taken.toLocaleString('en'), purchase: about.purchase })}</p>;
    case 'webhook-dead':
      return <p>{t('webhookDeadText', { count: about.attempts, message: about.message })}</p>;
  }
}
