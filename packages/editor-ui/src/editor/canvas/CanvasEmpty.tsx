import Button from 'antd/es/button';
import { ImagePlus, Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { client } from '../../api/client.ts';
import { FilesButton } from '../../components/FilesButton.tsx';
import { newestTypes } from '../palette/search-types.ts';
import { assetParamFor, uploadFiles } from '../run/upload-files.ts';
import { useEditorStore } from '../store/use-editor.ts';
import styles from './CanvasEmpty.module.css';
import { useQuickAdd } from './use-quick-add.ts';

/** What an empty canvas teaches: drop a picture, or add a node. */
export function CanvasEmpty() {
  const { t } = useTranslation('editor');
  const store = useEditorStore();
  const openQuickAdd = useQuickAdd();
  const addPictures = (files: File[]) => {
    const { types, add } = store.getState();
    const type = newestTypes(types).find((entry) => entry.group === 'input' && assetParamFor(entry, 'image'));
    const param = type && assetParamFor(type, 'image');
    if (!type || !param) return;
    const node = add(type, { x: 0, y: 0 });
    void uploadFiles(client, store, { node, param, multiple: true }, files);
  };
  return (
    <div className={styles.empty}>
      <ImagePlus size={36} strokeWidth={1.25} aria-hidden />
      <h2>{t('canvas.emptyTitle')}</h2>
      <p>{t('canvas.emptyText')}</p>
      <div className={styles.buttons}>
        <FilesButton
          type="primary"
          icon={<ImagePlus size={15} aria-hidden />}
          accept="image/*"
          multiple
          testId="canvas-files"
          onFiles={addPictures}
        >
          {t('canvas.choosePicture')}
        </FilesButton>
        <Button icon={<Plus size={15} aria-hidden />} onClick={() => openQuickAdd()}>
          {t('canvas.addNode')}
        </Button>
      </div>
    </div>
  );
}
