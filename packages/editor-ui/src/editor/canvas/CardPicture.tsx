import {
  elementType,
  type FileRef,
  type GraphNode,
  isFileRef,
  isMediaType,
  type NodeDescription,
} from '@imaginarium/protocol';
import { ImagePlus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Picture } from '../../components/Picture.tsx';
import type { StepView } from '../run/step-view.ts';
import { filesIn } from '../store/upload-slice.ts';
import { useEditor } from '../store/use-editor.ts';
import styles from './NodeCard.module.css';

interface CardPictureProps {
  node: GraphNode;
  description: NodeDescription;
  step: StepView | undefined;
}

/** A card's picture: what its step made, else what it holds; a shimmer of the same size while it works; a place to drop one. */
export function CardPicture({ node, description, step }: CardPictureProps) {
  const { t } = useTranslation('editor');
  const asset = Object.entries(description.params).find(
    ([, spec]) => spec.kind === 'asset' && spec.accept.includes('image'),
  );
  const uploading = useEditor((state) => uploadProgress(state.uploads, node.id));
  const held = asset ? filesIn(node.params[asset[0]]).filter(isFileRef) : [];
  const pulsing = useEditor((state) => state.pulsing === node.id);
  const picture: FileRef | undefined = step?.thumbnail ?? held[0];
  const makesPictures = Object.values(description.outputs).some((port) => elementType(port.type) === 'image');
  const working = step?.state === 'running' && makesPictures && !asset;

  if (uploading !== undefined)
    return (
      <div className={styles.picture}>
        <Picture file={null} alt="" className={styles.shimmer} />
        <span className={styles.uploading}>
          {t('card.uploading', { percent: Math.round(uploading * 100) })}
          <i style={{ width: `${uploading * 100}%` }} />
        </span>
      </div>
    );
  if (picture && isMediaType(picture.kind) && !working)
    return (
      <div className={styles.picture}>
        <Picture file={picture} alt={t('card.pictureOf', { name: node.name })} />
        {held.length > 1 && <span className={styles.count}>{t('card.pictures', { count: held.length })}</span>}
      </div>
    );
  if (working)
    return (
      <div className={styles.picture}>
        <span className={`${styles.shimmer} ${styles.skeleton}`} />
      </div>
    );
  if (asset && held.length === 0)
    return (
      <div className={`${styles.picture} ${styles.drop} ${pulsing ? styles.pulsing : ''}`} data-drop-target>
        <ImagePlus size={20} strokeWidth={1.5} aria-hidden />
        {t('card.dropHere')}
      </div>
    );
  return null;
}

/** The mean progress of what is on its way to a node; undefined when nothing is. */
function uploadProgress(uploads: readonly { node: string; progress: number; error?: string }[], node: string) {
  const mine = uploads.filter((upload) => upload.node === node && upload.error === undefined);
  if (mine.length === 0) return undefined;
  return mine.reduce((sum, upload) => sum + upload.progress, 0) / mine.length;
}
