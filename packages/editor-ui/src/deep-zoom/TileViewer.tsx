import Button from 'antd/es/button';
import { useEffect, useRef, useState } from 'react';
import { ReactCompareSlider } from 'react-compare-slider';
import { useTranslation } from 'react-i18next';
import { useReducedMotion } from '../app/use-reduced-motion.ts';
import styles from './DeepZoom.module.css';
import { TileView, type ViewedPicture } from './tile-view.ts';
import { CompareTags, ZoomTools } from './ZoomTools.tsx';

interface TileViewerProps {
  picture: ViewedPicture;
  before: ViewedPicture | undefined;
  /** Whether what it was made from is known and could not be had: that is said. */
  lacksBefore: boolean;
  /** Called when tiles are there no more. Resolves once they are cut again, or are on their way. */
  onLost: () => Promise<unknown>;
}

/** A picture in tiles with its tools; on top of the one it was made from where that is given, with one zoom for both. */
export function TileViewer({ picture, before: earlier, lacksBefore, onLost }: TileViewerProps) {
  const { t } = useTranslation();
  const stage = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<TileView>();
  const [scale, setScale] = useState(1);
  const [reopened, setReopened] = useState(false);
  // Its tiles, or its bytes, did not come.
  const [lostBefore, setLostBefore] = useState<string>();
  const before = earlier?.file.id === lostBefore ? undefined : earlier;
  const [comparing, setComparing] = useState(true);
  const [position, setPosition] = useState(50);
  const still = useReducedMotion();
  const label = t('zoom.keys', { name: picture.file.name });
  // Opened again for other pictures only: the objects around them are new with every answer.
  const latest = useRef({ picture, before, onLost });
  latest.current = { picture, before, onLost };
  const key = `${picture.file.id} ${before?.file.id}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the pictures.
  useEffect(() => {
    if (!stage.current) return;
    const { onLost: again, ...pictures } = latest.current;
    const opened = new TileView({
      ...{ element: stage.current, ...pictures, label, still, onScale: setScale },
      // Once: whoever cannot reach the server need not try for ever.
      onLost: (which) => {
        if (!reopened) void again().then(() => setReopened(true));
        else if (which === 'before') setLostBefore(latest.current.before?.file.id);
      },
    });
    setView(opened);
    return () => opened.close();
  }, [key, label, still, reopened]);
  useEffect(() => view?.split(before && comparing ? position / 100 : null), [view, before, comparing, position]);
  // Only pictures with transparency are cut into tiles that keep it.
  const isClear = 'tiles' in picture && picture.tiles.format === 'webp';
  return (
    <div className={styles.view}>
      <div ref={stage} className={`${styles.stage} ${isClear ? styles.clear : ''}`} />
      {before && comparing && (
        <>
          <ReactCompareSlider
            className={styles.slider}
            style={{ position: 'absolute', inset: 0 }}
            onlyHandleDraggable
            itemOne={<span />}
            itemTwo={<span />}
            onPositionChange={setPosition}
          />
          <CompareTags before={before.file} after={picture.file} />
        </>
      )}
      {(lacksBefore || earlier !== before) && (
        <p className={styles.lacking} role="status">
          {t('zoom.lacksBefore')}
        </p>
      )}
      <ZoomTools
        comparing={before ? comparing : undefined}
        onCompare={setComparing}
        onIn={() => view?.zoomIn()}
        onOut={() => view?.zoomOut()}
        onFit={() => view?.fit()}
      >
        <Button
          type="text"
          size="small"
          className={styles.scale}
          title={t('zoom.actual')}
          aria-label={t('zoom.scale', { percent: Math.round(scale * 100) })}
          onClick={() => view?.actual()}
        >
          {Math.round(scale * 100)}%
        </Button>
      </ZoomTools>
    </div>
  );
}
