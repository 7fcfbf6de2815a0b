import Button from 'antd/es/button';
import { Upload } from 'lucide-react';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAssets, useLiveAssets, useRegisterAsset } from '../api/assets.ts';
import { useUploads } from '../api/use-uploads.ts';
import { useTitle } from '../app/use-title.ts';
import { EmptyState } from '../components/EmptyState.tsx';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import { FilesButton } from '../components/FilesButton.tsx';
import { FlowPicture } from '../components/FlowPicture.tsx';
import { AssetCard } from './AssetCard.tsx';
import { AssetFilterBar } from './AssetFilterBar.tsx';
import styles from './AssetsScreen.module.css';
import { MarkedAssets } from './MarkedAssets.tsx';
import { UploadList } from './UploadList.tsx';
import { useAssetFilter } from './use-asset-filter.ts';
import { useFileDrop } from './use-file-drop.ts';

/** Every asset of the workspace, the newest first. Pictures that are dropped anywhere on it become assets. */
export function AssetsScreen() {
  const { t } = useTranslation('assets');
  useTitle(t('title'));
  const [filter, change] = useAssetFilter();
  useLiveAssets();
  const assets = useAssets(filter);
  const list = assets.data?.pages.flatMap((page) => page.assets);
  const { mutateAsync: register } = useRegisterAsset();
  const { uploads, send, dismiss } = useUploads(({ id: fileId, name }) => register({ fileId, name }));
  const dropping = useFileDrop((files) => void send(files));
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  // What a filter hides is not upscaled unseen.
  const chosen = list?.filter(({ id }) => marked.has(id)) ?? [];
  const grid = useRef<HTMLUListElement>(null);
  useKeptFocus(grid, chosen.length > 0);
  const isFiltered = Object.values(filter).some((value) => value !== undefined);
  const apps = new Set([...(list ?? []).map(({ sourceApp }) => sourceApp ?? ''), filter.sourceApp ?? '']);
  apps.delete('');
  return (
    <>
      <div className={styles.head}>
        <div>
          <h1>{t('title')}</h1>
          <p className={styles.lead}>{t('lead')}</p>
        </div>
        <FilesButton
          type="primary"
          icon={<Upload size={15} aria-hidden />}
          accept="image/*"
          multiple
          testId="asset-files"
          onFiles={(files) => void send(files)}
        >
          {t('upload.button')}
        </FilesButton>
      </div>
      {(isFiltered || list?.length !== 0) && (
        <AssetFilterBar filter={filter} apps={[...apps].toSorted()} onChange={change} />
      )}
      <UploadList uploads={uploads} onDismiss={dismiss} />
      {assets.error && !list && (
        <ErrorNotice error={assets.error} title={t('failed')} onRetry={() => void assets.refetch()} />
      )}
      {assets.isPending && <AssetGridSkeleton />}
      {list && list.length > 0 && (
        <ul ref={grid} className={styles.grid} tabIndex={-1}>
          {list.map((asset) => (
            <AssetCard
              key={asset.id}
              asset={asset}
              isMarked={marked.has(asset.id)}
              onMark={() => setMarked((before) => toggled(before, asset.id))}
            />
          ))}
        </ul>
      )}
      {list?.length === 0 && isFiltered && (
        <EmptyState
          picture={<FlowPicture width={260} />}
          title={t('none.title')}
          action={
            <Button onClick={() => change({ q: undefined, tier: undefined, sourceApp: undefined })}>
              {t('none.clear')}
            </Button>
          }
        >
          {t('none.text')}
        </EmptyState>
      )}
      {list?.length === 0 && !isFiltered && (
        <EmptyState picture={<FlowPicture />} title={t('empty.title')}>
          {t('empty.text')}
        </EmptyState>
      )}
      {assets.isFetchNextPageError && <ErrorNotice error={assets.error} title={t('moreFailed')} />}
      {assets.hasNextPage && (
        <Button className={styles.more} loading={assets.isFetchingNextPage} onClick={() => void assets.fetchNextPage()}>
          {t('more')}
        </Button>
      )}
      {chosen.length > 0 && <MarkedAssets marked={chosen} onClear={() => setMarked(new Set())} />}
      {dropping && <div className={styles.dropping}>{t('upload.drop')}</div>}
    </>
  );
}

/** Whoever had the focus in what is gone now goes on from an element, not from the top of the page. */
function useKeptFocus(element: RefObject<HTMLElement | null>, isShown: boolean): void {
  const wasShown = useRef(false);
  useEffect(() => {
    if (wasShown.current && !isShown && document.activeElement === document.body) element.current?.focus();
    wasShown.current = isShown;
  }, [element, isShown]);
}

function toggled(marked: ReadonlySet<string>, id: string): ReadonlySet<string> {
  return new Set(marked.has(id) ? [...marked].filter((other) => other !== id) : [...marked, id]);
}

function AssetGridSkeleton() {
  const { t } = useTranslation('assets');
  return (
    <div role="status" aria-label={t('loading')} className={styles.grid}>
      {[0, 1, 2, 3, 4, 5].map((place) => (
        <div key={place} className={styles.skeleton} />
      ))}
    </div>
  );
}
