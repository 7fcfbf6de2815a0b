import type { FileRef } from '@imaginarium/protocol';
import Button from 'antd/es/button';
import { Download, FileText } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { client } from '../../api/client.ts';
import { formatBytes } from '../../components/format.ts';
import styles from './NodeResultView.module.css';

/** Files that are no pictures, each with a button to download it. */
export function FileList({ files }: { files: readonly { port: string; file: FileRef }[] }) {
  const { t } = useTranslation('editor');
  if (files.length === 0) return null;
  return (
    <ul className={styles.list}>
      {files.map(({ port, file }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same file may come twice; its place tells them apart.
        <li key={`${port} ${file.id} ${index}`} className={styles.file}>
          <FileText size={18} aria-hidden />
          <span>
            {file.name}
            <small>{formatBytes(file.bytes)}</small>
          </span>
          <Button
            size="small"
            icon={<Download size={14} aria-hidden />}
            aria-label={t('results.downloadOne', { name: file.name })}
            href={client.fileUrl(file.id, { download: true, name: file.name })}
          >
            {t('results.download')}
          </Button>
        </li>
      ))}
    </ul>
  );
}
