import type { Asset, AssetVersion } from '@imaginarium/protocol';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useTitle } from '../app/use-title.ts';
import { ZoomPicture } from '../deep-zoom/ZoomPicture.tsx';
import { AssetHeader } from './AssetHeader.tsx';
import styles from './AssetScreen.module.css';
import { VersionList } from './VersionList.tsx';

/** What of an asset is looked at: its original, or a version by its id. */
export type Shown = 'original' | AssetVersion['id'];

/** An asset: its picture to zoom into and compare, and everything that was made of it. */
export function AssetPage({ asset }: { asset: Asset }) {
  const { t } = useTranslation('assets');
  useTitle(asset.name);
  const [chosen, setChosen] = useState<Shown>();
  const shown = chosen ?? asset.versions.find(({ file }) => file !== null)?.id ?? 'original';
  const version = asset.versions.find(({ id }) => id === shown);
  const file = version ? version.file : asset.original;
  const before = version ? (asset.original ?? undefined) : undefined;
  return (
    <>
      <AssetHeader asset={asset} />
      {asset.originalState !== 'kept' && <p className={styles.notice}>{t(`asset.${asset.originalState}`)}</p>}
      <div className={styles.stage}>
        {file ? (
          <ZoomPicture key={`${file.id} ${before?.id}`} file={file} before={before} />
        ) : (
          <p className={styles.nothing}>{t('asset.nothing')}</p>
        )}
      </div>
      <VersionList asset={asset} shown={shown} onShow={setChosen} />
    </>
  );
}
