import type { FileRef } from '@imaginarium/protocol';
import { ImageOff } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../api/client.ts';
import styles from './Picture.module.css';

interface PictureProps {
  /** The picture; nothing draws an empty frame of the same size. */
  file: FileRef | null | undefined;
  /** What a person who cannot see it should know; empty when the text beside it says so already. */
  alt: string;
  size?: 160 | 480 | 1600;
  /** `cover` fills the frame and crops, `contain` shows all of it over a checkerboard. */
  fit?: 'cover' | 'contain';
  className?: string;
}

/** A stored picture as a thumbnail. Fills its parent, which reserves the space, so that nothing jumps when it arrives. */
export function Picture({ file, ...rest }: PictureProps) {
  // A new file starts over: its frame shimmers until it is there.
  return <PictureOf key={file?.id ?? ''} file={file} {...rest} />;
}

function PictureOf({ file, alt, size = 480, fit = 'cover', className }: PictureProps) {
  const { t } = useTranslation();
  const [state, setState] = useState<'loading' | 'shown' | 'failed'>('loading');
  const shown = file != null && file.kind === 'image';
  const classes = [
    styles.frame,
    styles[fit],
    shown && state === 'loading' && styles.loading,
    shown && state === 'shown' && styles.shown,
    className,
  ];
  return (
    <span className={classes.filter(Boolean).join(' ')}>
      {shown && state !== 'failed' && (
        <img
          src={client.thumbnailUrl(file.id, size)}
          alt={alt}
          loading="lazy"
          decoding="async"
          draggable={false}
          onLoad={() => setState('shown')}
          onError={() => setState('failed')}
        />
      )}
      {shown && state === 'failed' && (
        <span className={styles.failed} role="img" aria-label={t('picture.failed')} title={t('picture.failed')}>
          <ImageOff size={18} aria-hidden />
        </span>
      )}
    </span>
  );
}
