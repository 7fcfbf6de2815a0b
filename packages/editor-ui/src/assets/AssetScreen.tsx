import Skeleton from 'antd/es/skeleton';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { useAsset, useLiveAssets } from '../api/assets.ts';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import { AssetPage } from './AssetPage.tsx';
import styles from './AssetScreen.module.css';

/** One asset at its own address. */
export function AssetScreen() {
  const { t } = useTranslation('assets');
  const { id = '' } = useParams();
  useLiveAssets();
  const asset = useAsset(id);
  if (asset.data) return <AssetPage key={id} asset={asset.data} />;
  if (asset.error)
    return <ErrorNotice error={asset.error} title={t('asset.failed')} onRetry={() => void asset.refetch()} />;
  return (
    <div role="status" aria-label={t('asset.loading')}>
      <Skeleton active paragraph={{ rows: 1 }} />
      <div className={styles.stage} />
      <Skeleton active title={false} paragraph={{ rows: 3 }} />
    </div>
  );
}
