import type { FileRef } from '@imaginarium/protocol';
import Button from 'antd/es/button';
import Segmented from 'antd/es/segmented';
import { Maximize, Minus, Plus } from 'lucide-react';
import { type CSSProperties, useState } from 'react';
import { ReactCompareSlider } from 'react-compare-slider';
import { useTranslation } from 'react-i18next';
import { client } from '../../api/client.ts';
import { DeepZoom } from '../../deep-zoom/DeepZoom.tsx';
import { isShownByBrowsers, needsTiles } from '../../deep-zoom/needs-tiles.ts';
import type { ImageResult } from '../run/results.ts';
import styles from './ImageView.module.css';
import { useZoom } from './use-zoom.ts';

/** One picture, large; on top of the one it was made from where that is known, with one zoom for both. */
export function ImageView({ image }: { image: ImageResult }) {
  const { file, before } = image;
  if (!needsTiles(file) && !(before && needsTiles(before))) return <WholeImageView image={image} />;
  return (
    <div className={styles.view}>
      <DeepZoom file={file} before={before} />
    </div>
  );
}

/** Pictures that a browser holds whole. */
function WholeImageView({ image }: { image: ImageResult }) {
  const { t } = useTranslation('editor');
  const { file, before } = image;
  const [comparing, setComparing] = useState(true);
  const zoom = useZoom();
  const style: CSSProperties = { transform: zoom.transform };
  return (
    <div className={styles.view}>
      <div className={`${styles.stage} ${zoom.isZoomed ? styles.zoomed : ''}`} {...zoom.handlers}>
        {before && comparing ? (
          <ReactCompareSlider
            className={styles.slider}
            onlyHandleDraggable
            itemOne={<Whole file={before} alt={t('compare.before', { name: before.name })} style={style} />}
            itemTwo={<Whole file={file} alt={t('compare.after', { name: file.name })} style={style} />}
          />
        ) : (
          <Whole file={file} alt={file.name} style={style} />
        )}
        {before && comparing && (
          <>
            <span className={`${styles.tag} ${styles.left}`}>{sizeTag(t('compare.beforeTag'), before)}</span>
            <span className={`${styles.tag} ${styles.right}`}>{sizeTag(t('compare.afterTag'), file)}</span>
          </>
        )}
      </div>
      <div className={styles.tools}>
        {before && (
          <Segmented
            size="small"
            aria-label={t('compare.mode')}
            value={comparing ? 'compare' : 'after'}
            options={[
              { value: 'compare', label: t('compare.compare') },
              { value: 'after', label: t('compare.result') },
            ]}
            onChange={(value) => setComparing(value === 'compare')}
          />
        )}
        <Button
          type="text"
          size="small"
          aria-label={t('canvas.zoomOut')}
          icon={<Minus size={14} aria-hidden />}
          onClick={zoom.out}
        />
        <Button
          type="text"
          size="small"
          aria-label={t('canvas.zoomIn')}
          icon={<Plus size={14} aria-hidden />}
          onClick={zoom.in}
        />
        <Button
          type="text"
          size="small"
          aria-label={t('canvas.fit')}
          icon={<Maximize size={14} aria-hidden />}
          onClick={zoom.reset}
        />
      </div>
    </div>
  );
}

/** A whole picture: its own bytes where a browser can show them, else the largest preview there is. */
function Whole({ file, alt, style }: { file: FileRef; alt: string; style: CSSProperties }) {
  const source = isShownByBrowsers(file) ? client.fileUrl(file.id) : client.thumbnailUrl(file.id, 1600);
  return (
    <span className={styles.frame}>
      <img src={source} alt={alt} draggable={false} style={{ ...style, '--ratio': ratioOf(file) } as CSSProperties} />
    </span>
  );
}

function ratioOf({ width, height }: FileRef): number {
  return width && height ? width / height : 1;
}

function sizeTag(word: string, { width, height }: FileRef): string {
  return width && height ? `${word} · ${width} × ${height}` : word;
}
