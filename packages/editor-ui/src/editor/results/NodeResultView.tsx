import Button from 'antd/es/button';
import { Archive, ArrowLeft, Download, Info } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../api/client.ts';
import { formatFileSize } from '../../components/format.ts';
import { Picture } from '../../components/Picture.tsx';
import { ZoomPicture } from '../../deep-zoom/ZoomPicture.tsx';
import { archiveOf, type NodeResult } from '../run/results.ts';
import { FileList } from './FileList.tsx';
import styles from './NodeResultView.module.css';
import { ValueList } from './ValueList.tsx';

/** What one node gave: its picture large, or all of them side by side; its files to download; its values. */
export function NodeResultView({ result }: { result: NodeResult }) {
  const { t } = useTranslation('editor');
  const { images } = result;
  const [opened, setOpened] = useState<number>();
  const only = images.length === 1 ? 0 : undefined;
  const at = opened ?? only;
  const image = at === undefined ? undefined : images[at];
  const archive = archiveOf(result);
  return (
    <div className={styles.view}>
      <header className={styles.head}>
        {opened !== undefined && images.length > 1 && (
          <Button
            type="text"
            size="small"
            icon={<ArrowLeft size={14} aria-hidden />}
            onClick={() => setOpened(undefined)}
          >
            {t('results.all', { count: images.length })}
          </Button>
        )}
        <h2>{image && images.length > 1 ? image.file.name : result.name}</h2>
        {image && <span className={styles.facts}>{formatFileSize(image.file)}</span>}
        <span className={styles.space} />
        {archive && (
          <Button
            size="small"
            icon={<Archive size={14} aria-hidden />}
            href={client.fileUrl(archive.id, { download: true, name: archive.name })}
          >
            {t('results.downloadAll')}
          </Button>
        )}
        {image && (
          <Button
            size="small"
            type={archive ? 'default' : 'primary'}
            icon={<Download size={14} aria-hidden />}
            href={client.fileUrl(image.file.id, { download: true, name: image.file.name })}
          >
            {t('results.download')}
          </Button>
        )}
      </header>
      {image?.note && (
        <p className={styles.note}>
          <Info size={14} aria-hidden /> {image.note}
        </p>
      )}
      {image && (
        <div className={styles.picture}>
          <ZoomPicture key={image.file.id} file={image.file} before={image.before} />
        </div>
      )}
      {!image && images.length > 0 && (
        <ul className={styles.grid} aria-label={t('results.pictures', { count: images.length })}>
          {images.map((entry, index) => (
            <li key={`${entry.port} ${entry.item.id}`} style={{ aspectRatio: aspectOf(entry.file) }}>
              <button
                type="button"
                aria-label={t('results.open', { name: entry.file.name })}
                onClick={() => setOpened(index)}
              >
                <Picture file={entry.file} alt="" fit="contain" />
                <span className={styles.caption}>{entry.file.name}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <FileList files={result.files.filter(({ file }) => images.length === 0 || file !== archive)} />
      {images.length === 0 && result.values.length > 0 && <ValueList values={result.values} />}
    </div>
  );
}

function aspectOf({ width, height }: { width?: number | undefined; height?: number | undefined }): string {
  return width && height ? `${width} / ${height}` : '1';
}
