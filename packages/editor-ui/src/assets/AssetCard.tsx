import type { AssetSummary } from '@imaginarium/protocol';
import Checkbox from 'antd/es/checkbox';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Picture } from '../components/Picture.tsx';
import { RelativeTime } from '../components/RelativeTime.tsx';
import { StateBadge } from '../components/StateBadge.tsx';
import styles from './AssetsScreen.module.css';
import { scaleWord } from './tier-words.ts';

interface AssetCardProps {
  asset: AssetSummary;
  isMarked: boolean;
  onMark: () => void;
}

/** An asset by its newest picture, with a box to mark it. The rest of the card opens it. */
export function AssetCard({ asset, isMarked, onMark }: AssetCardProps) {
  const { t } = useTranslation('assets');
  const { id, name, original, newestVersion, versionCount, sourceApp, updatedAt } = asset;
  const state = newestVersion?.state;
  return (
    <li className={`${styles.card} ${isMarked ? styles.isMarked : ''}`}>
      <div className={styles.cover}>
        <Picture file={newestVersion?.file ?? original} alt="" />
        {newestVersion && (
          <span className={styles.mark}>
            {state === 'succeeded' ? (
              <span className={styles.tier}>{scaleWord(newestVersion.tier)}</span>
            ) : (
              <StateBadge state={newestVersion.state} />
            )}
          </span>
        )}
      </div>
      <Checkbox className={styles.box} aria-label={t('card.mark', { name })} checked={isMarked} onChange={onMark} />
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
