import type { WebhookState } from '@imaginarium/protocol';
import Button from 'antd/es/button';
import { useTranslation } from 'react-i18next';
import { useSendWebhookAgain } from '../api/assets.ts';
import { RelativeTime } from '../components/RelativeTime.tsx';
import styles from './AssetScreen.module.css';

interface WebhookLineProps {
  assetId: string;
  webhook: WebhookState & { versionId: string };
}

/** Whether the application that asked for an upscale was told of its end, and a way to tell it again where it was given up. */
export function WebhookLine({
  assetId,
  webhook: { versionId, url, state, error, attempts, nextAt },
}: WebhookLineProps) {
  const { t } = useTranslation('assets');
  const again = useSendWebhookAgain(assetId);
  const { host } = new URL(url);
  if (state === 'waiting') return null;
  if (state === 'sent') return <p className={styles.webhook}>{t('webhook.sent', { host })}</p>;
  if (state === 'due')
    return (
      <p className={styles.webhook}>
        {attempts > 0 && error !== null && nextAt !== null ? (
          <>
            {t('webhook.later', { host, error })} <RelativeTime at={nextAt} />.
          </>
        ) : (
          t('webhook.due', { host })
        )}
      </p>
    );
  return (
    <div className={styles.webhook}>
      <p className={styles.error}>{t('webhook.dead', { host, count: attempts, error })}</p>
      {again.error && <p className={styles.error}>{again.error.message}</p>}
      <Button size="small" loading={again.isPending} onClick={() => again.mutate(versionId)}>
        {t('webhook.again', { host })}
      </Button>
    </div>
  );
}
