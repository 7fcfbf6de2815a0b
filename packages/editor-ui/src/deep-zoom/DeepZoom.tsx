import type { FileRef } from '@imaginarium/protocol';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useDeepZoom } from '../api/deep-zoom.ts';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import { Picture } from '../components/Picture.tsx';
import styles from './DeepZoom.module.css';
import { needsTiles, wholeUrl } from './needs-tiles.ts';
import type { ViewedPicture } from './tile-view.ts';

// The viewer is for large pictures only: who never opens one never loads it.
const TileViewer = lazy(async () => ({ default: (await import('./TileViewer.tsx')).TileViewer }));

interface DeepZoomProps {
  file: FileRef;
  /** What it was made from: shown on the other side of a slider. */
  before?: FileRef | undefined;
}

/** A picture of any size, down to its pixels. Fills its parent. While its tiles are cut it shows a preview and how far they are. */
export function DeepZoom({ file, before }: DeepZoomProps) {
  const { t } = useTranslation();
  const result = useViewed(file);
  const earlier = useViewed(before);
  if (result.error)
    return (
      <div className={styles.failed}>
        <ErrorNotice error={result.error} title={t('zoom.failed')} onRetry={() => void result.retry()} />
      </div>
    );
  // The result is worth a look without it.
  const lacksBefore = before !== undefined && earlier.error !== null;
  const preparing = <Preparing file={file} share={Math.min(result.share, lacksBefore ? 1 : earlier.share)} />;
  if (!result.viewed || (before && !earlier.viewed && !lacksBefore)) return preparing;
  return (
    <Suspense fallback={preparing}>
      <TileViewer
        picture={result.viewed}
        before={earlier.viewed}
        lacksBefore={lacksBefore}
        onLost={() => Promise.all([result.retry(), earlier.retry()])}
      />
    </Suspense>
  );
}

/** A picture as the viewer takes it, once it is there. */
function useViewed(file: FileRef | undefined) {
  const tiled = file !== undefined && needsTiles(file);
  const { data, error, refetch } = useDeepZoom(tiled ? file : undefined);
  const viewed = file && (tiled ? tilesOf(file, data) : { file, url: wholeUrl(file) });
  return {
    viewed: viewed satisfies ViewedPicture | undefined,
    share: tiled && data?.state !== 'ready' ? (data?.share ?? 0) : 1,
    error: data ? null : error,
    retry: async () => tiled && refetch(),
  };
}

function tilesOf(file: FileRef, data: ReturnType<typeof useDeepZoom>['data']): ViewedPicture | undefined {
  return data?.state === 'ready' ? { file, tiles: data } : undefined;
}

function Preparing({ file, share }: { file: FileRef; share: number }) {
  const { t } = useTranslation();
  return (
    <div className={styles.view}>
      <Picture file={file} alt={file.name} size={1600} fit="contain" />
      <p className={styles.preparing} role="status">
        {t('zoom.preparing', { percent: Math.round(share * 100) })}
      </p>
    </div>
  );
}
