import type { FileRef } from '@imaginarium/protocol';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DownloadLink } from '../components/DownloadLink.tsx';
import { Picture } from '../components/Picture.tsx';
import styles from './FilesOf.module.css';
import { PictureViewer } from './PictureViewer.tsx';

/** Files as one sees them: pictures in a row that open large, the others as downloads. */
export function FilesOf({ files, size }: { files: readonly FileRef[]; size: 'small' | 'large' }) {
  const { t } = useTranslation('runs');
  const [open, setOpen] = useState<number | null>(null);
  const pictures = files.filter(({ kind }) => kind === 'image');
  const others = files.filter(({ kind }) => kind !== 'image');
  return (
    <>
      {pictures.length > 0 && (
        <ul className={size === 'large' ? styles.large : styles.small}>
          {pictures.map((file, place) => (
            <li key={`${file.id}/${file.name}`}>
              <button
                type="button"
                className={styles.picture}
                style={{ aspectRatio: shapeOf(file) }}
                aria-label={t('pictures.open', { name: file.name })}
                onClick={() => setOpen(place)}
              >
                <Picture file={file} alt="" fit="contain" size={size === 'large' ? 480 : 160} />
              </button>
            </li>
          ))}
        </ul>
      )}
      {others.length > 0 && (
        <ul className={styles.files}>
          {others.map((file) => (
            <li key={`${file.id}/${file.name}`}>
              <DownloadLink file={file} />
            </li>
          ))}
        </ul>
      )}
      {open !== null && (
        <PictureViewer pictures={pictures} place={open} onPlace={setOpen} onClose={() => setOpen(null)} />
      )}
    </>
  );
}

/** Width by height as the picture has it, but never so long that it takes a row for itself. */
function shapeOf({ width, height }: FileRef): number {
  if (width === undefined || height === undefined) return 1;
  return Math.min(2.4, Math.max(0.5, width / height));
}
