import { ApiError, ConnectionError } from '@imaginarium/client';
import Button from 'antd/es/button';
import { CircleAlert, RotateCw, WifiOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { CopyButton } from './CopyButton.tsx';
import styles from './ErrorNotice.module.css';

interface ErrorNoticeProps {
  error: unknown;
  /** What could not be done: "The runs could not be loaded". */
  title?: string;
  onRetry?: () => void;
}

/** Says what happened, in the server's words, with the request's id to copy and a way to try again. */
export function ErrorNotice({ error, title, onRetry }: ErrorNoticeProps) {
  const { t } = useTranslation();
  const offline = error instanceof ConnectionError;
  const requestId = error instanceof ApiError ? error.requestId : '';
  const Icon = offline ? WifiOff : CircleAlert;
  return (
    <div role="alert" className={styles.notice}>
      <Icon className={styles.icon} size={16} aria-hidden />
      <div className={styles.text}>
        <strong>{title ?? t(offline ? 'error.offline' : 'error.title')}</strong>
        <p>{error instanceof Error ? error.message : String(error)}</p>
        {requestId !== '' && (
          <p className={styles.request}>
            {t('error.request')} <code>{requestId}</code> <CopyButton text={requestId} label={t('error.copyRequest')} />
          </p>
        )}
      </div>
      {onRetry && (
        <Button size="small" icon={<RotateCw size={13} aria-hidden />} onClick={onRetry}>
          {t('action.retry')}
        </Button>
      )}
    </div>
  );
}
