import type { AssetSummary } from '@imaginarium/protocol';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Picture } from '../components/Picture.tsx';
import { RelativeTime } from '../components/RelativeTime.tsx';
import { StateBadge } from '../components/StateBadge.tsx';
import styles from './AssetsScreen.module.css';

/** An asset by its newest picture. The whole card opens it. */
export function AssetCard({ asset }: { asset: AssetSummary }) {
  const { t } = useTranslation('assets');
  const { id, name, original, newestVersion, versionCount, sourceApp, updatedAt } = asset;
  const state = newestVersion?.state;
  return (
    <li className={styles.card}>
      <div className={styles.cover}>
        <Picture file={newestVersion?.file ?? original} alt="" />
        {newestVersion && (
          <span className={styles.mark}>
            {state === 'succeeded' ? (
              <span className={styles.tier}>{t(`tier.${newestVersion.tier}`)}</span>
            ) : (
              <StateBadge state={newestVersion.state} />
            )}
          </span>
        )}
      </div>
      <div className={styles.foot}>
        <Link to={`/assets/${id}`} className={styles.name} title={name}>
          {name}
        </Link>
        <p className={styles.facts}>
          <span>{versionCount === 0 ? t('card.noVersions') : t('card.versions', { count: versionCount })}</span>
          {sourceApp && <span>{sourceApp}</span>}
          <RelativeTime at={updatedAt} />
        </p>
      </div>
    </li>
  );
}
