import type { FileRef } from '@imaginarium/protocol';
import Button from 'antd/es/button';
import Segmented from 'antd/es/segmented';
import { Maximize, Minus, Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './ZoomTools.module.css';

interface ZoomToolsProps {
  /** Whether both pictures are shown; undefined where there is one only. */
  comparing: boolean | undefined;
  onCompare: (comparing: boolean) => void;
  onIn: () => void;
  onOut: () => void;
  onFit: () => void;
  /** More tools, behind the others. */
  children?: ReactNode;
}

/** The tools of a picture to zoom into, over its lower edge. */
export function ZoomTools({ comparing, onCompare, onIn, onOut, onFit, children }: ZoomToolsProps) {
  const { t } = useTranslation();
  return (
    <div className={styles.tools}>
      {comparing !== undefined && (
        <Segmented
          size="small"
          aria-label={t('zoom.view')}
          value={comparing ? 'compare' : 'result'}
          options={[
            { value: 'compare', label: t('zoom.compare') },
            { value: 'result', label: t('zoom.result') },
          ]}
          onChange={(value) => onCompare(value === 'compare')}
        />
      )}
      <Tool label={t('zoom.out')} icon={<Minus size={14} aria-hidden />} onClick={onOut} />
      <Tool label={t('zoom.in')} icon={<Plus size={14} aria-hidden />} onClick={onIn} />
      <Tool label={t('zoom.fit')} icon={<Maximize size={14} aria-hidden />} onClick={onFit} />
      {children}
    </div>
  );
}

function Tool({ label, ...rest }: { label: string; icon: ReactNode; onClick: () => void }) {
  return <Button type="text" size="small" aria-label={label} title={label} {...rest} />;
}

/** What stands on which side of the slider, with its pixels. */
export function CompareTags({ before, after }: { before: FileRef; after: FileRef }) {
  const { t } = useTranslation();
  return (
    <>
      <span className={`${styles.tag} ${styles.left}`}>{sizeTag(t('zoom.before'), before)}</span>
      <span className={`${styles.tag} ${styles.right}`}>{sizeTag(t('zoom.after'), after)}</span>
    </>
  );
}

function sizeTag(word: string, { width, height }: FileRef): string {
  return width && height ? `${word} · ${width} × ${height}` : word;
}
