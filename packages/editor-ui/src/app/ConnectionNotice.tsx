import { WifiOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import styles from './ConnectionNotice.module.css';
import { useConnection } from './use-connection.ts';

/** One line while the network or the server is away; nothing otherwise. */
export function ConnectionNotice() {
  const { t } = useTranslation();
  const connection = useConnection();
  return (
    <div role="status" className={styles.region}>
      {connection !== 'there' && (
        <p className={styles.notice}>
          <WifiOff size={14} aria-hidden /> {t(`connection.${connection}`)}
        </p>
      )}
    </div>
  );
}
