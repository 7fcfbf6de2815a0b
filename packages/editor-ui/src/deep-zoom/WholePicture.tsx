import type { FileRef } from '@imaginarium/protocol';
import { type CSSProperties, useState } from 'react';
import { ReactCompareSlider } from 'react-compare-slider';
import { useTranslation } from 'react-i18next';
import { wholeUrl } from './needs-tiles.ts';
import { useZoom } from './use-zoom.ts';
import styles from './WholePicture.module.css';
import { CompareTags, ZoomTools } from './ZoomTools.tsx';

/** A picture that a browser holds whole, alone or over the one it was made from. */
export function WholePicture({ file, before }: { file: FileRef; before: FileRef | undefined }) {
  const { t } = useTranslation();
  const [comparing, setComparing] = useState(true);
  const zoom = useZoom();
  const style: CSSProperties = { transform: zoom.transform };
  return (
    <>
      <div ref={zoom.stage} className={`${styles.stage} ${zoom.isZoomed ? styles.zoomed : ''}`} {...zoom.handlers}>
        {before && comparing ? (
          <ReactCompareSlider
            className={styles.slider}
            onlyHandleDraggable
            itemOne={<Whole file={before} alt={t('zoom.beforeNamed', { name: before.name })} style={style} />}
            itemTwo={<Whole file={file} alt={t('zoom.afterNamed', { name: file.name })} style={style} />}
          />
        ) : (
          <Whole file={file} alt={file.name} style={style} />
        )}
        {before && comparing && <CompareTags before={before} after={file} />}
      </div>
      <ZoomTools
        comparing={before ? comparing : undefined}
        onCompare={setComparing}
        onIn={zoom.in}
        onOut={zoom.out}
        onFit={zoom.reset}
      />
    </>
  );
}

function Whole({ file, alt, style }: { file: FileRef; alt: string; style: CSSProperties }) {
  return (
    <span className={styles.frame}>
      <img
        src={wholeUrl(file)}
        alt={alt}
        draggable={false}
        style={{ ...style, '--ratio': ratioOf(file) } as CSSProperties}
      />
    </span>
  );
}

function ratioOf({ width, height }: FileRef): number {
  return width && height ? width / height : 1;
}
