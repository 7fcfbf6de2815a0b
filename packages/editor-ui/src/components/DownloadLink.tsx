import type { FileRef } from '@imaginarium/protocol';
import { Download, FileText, FolderArchive, Music, Video } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { client } from '../api/client.ts';
import styles from './DownloadLink.module.css';
import { formatBytes } from './format.ts';

/** A file that is no picture, by name and size; a press downloads it. */
export function DownloadLink({ file }: { file: FileRef }) {
  const { t } = useTranslation('runs');
  const Icon = iconOf(file);
  return (
    <a
      className={styles.link}
      href={client.fileUrl(file.id, { download: true, name: file.name })}
      download={file.name}
      title={t('file.downloadNamed', { name: file.name })}
    >
      <Icon size={16} aria-hidden />
      <span className={styles.name}>{file.name}</span>
      <span className={styles.size}>{formatBytes(file.bytes)}</span>
      <Download size={14} aria-hidden />
    </a>
  );
}

function iconOf({ kind, mime }: FileRef) {
  if (kind === 'video') return Video;
  if (kind === 'audio') return Music;
  return mime === 'application/zip' ? FolderArchive : FileText;
}
