import type { RunDetail } from '@imaginarium/protocol';
import { Hourglass } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { RelativeTime } from '../components/RelativeTime.tsx';
import styles from './RunFailure.module.css';

/** Why a queued run has not begun. Nothing for one that only waits for its turn. */
export function RunNotBegun({ run: { state, notBefore, waitsFor } }: { run: RunDetail }) {
  const { t } = useTranslation('runs');
  if (state !== 'queued' || !waitsFor || waitsFor.code === 'turn') return null;
  return (
    <div role="status" className={`${styles.failure} ${styles.mild}`}>
      <Hourglass size={18} aria-hidden className={styles.icon} />
      <div className={styles.words}>
        <strong>{t(`waits.${waitsFor.code}`)}</strong>
        <p>
          {waitsFor.code === 'time' && notBefore !== null ? (
            <>
              {t('waits.begins')} <RelativeTime at={notBefore} />
            </>
          ) : (
            waitsFor.message
          )}
        </p>
      </div>
    </div>
  );
}
