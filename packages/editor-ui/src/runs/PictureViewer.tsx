import type { FileRef } from '@imaginarium/protocol';
import { ChevronLeft, ChevronRight, Download, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../api/client.ts';
import { formatFileSize } from '../components/format.ts';
import { Picture } from '../components/Picture.tsx';
import { DeepZoom } from '../deep-zoom/DeepZoom.tsx';
import { needsTiles } from '../deep-zoom/needs-tiles.ts';
import styles from './PictureViewer.module.css';

interface PictureViewerProps {
  pictures: readonly FileRef[];
  /** Which of them is shown. */
  place: number;
  onPlace: (place: number) => void;
  onClose: () => void;
}

/** One picture over everything else. Arrow keys go on, Escape or a press beside the picture closes. */
export function PictureViewer({ pictures, place, onPlace, onClose }: PictureViewerProps) {
  const { t } = useTranslation('runs');
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const file = pictures[place];
  if (!file) return null;
  const go = (by: number) => onPlace((place + by + pictures.length) % pictures.length);
  const onKeyDown = ({ key, defaultPrevented }: KeyboardEvent) => {
    // The arrows move within a large picture that has the focus.
    if (defaultPrevented) return;
    if (key === 'ArrowLeft') go(-1);
    if (key === 'ArrowRight') go(1);
  };
  return (
    <dialog
      ref={dialog}
      className={styles.viewer}
      aria-label={t('viewer.label')}
      onClose={onClose}
      onKeyDown={onKeyDown}
      onClick={(event) => event.target === event.currentTarget && onClose()}
    >
      <header className={styles.bar}>
        <strong>{file.name}</strong>
        <span className={styles.quiet}>{formatFileSize(file)}</span>
        <span className={styles.space} />
        {pictures.length > 1 && (
          <>
            <button type="button" aria-label={t('viewer.previous')} onClick={() => go(-1)}>
              <ChevronLeft size={18} aria-hidden />
            </button>
            <span className={styles.quiet}>{t('viewer.place', { place: place + 1, count: pictures.length })}</span>
            <button type="button" aria-label={t('viewer.next')} onClick={() => go(1)}>
              <ChevronRight size={18} aria-hidden />
            </button>
          </>
        )}
        <a
          href={client.fileUrl(file.id, { download: true, name: file.name })}
          download={file.name}
          aria-label={t('file.downloadNamed', { name: file.name })}
        >
          <Download size={16} aria-hidden />
        </a>
        <button type="button" aria-label={t('viewer.close')} onClick={onClose}>
          <X size={18} aria-hidden />
        </button>
      </header>
      <div className={styles.stage}>
        {needsTiles(file) ? (
          <DeepZoom key={file.id} file={file} />
        ) : (
          <Picture file={file} alt={file.name} size={1600} fit="contain" />
        )}
      </div>
    </dialog>
  );
}
