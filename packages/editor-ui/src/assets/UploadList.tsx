import Button from 'antd/es/button';
import { X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Upload } from '../api/use-uploads.ts';
import styles from './AssetsScreen.module.css';

/** Pictures on their way, and those that did not arrive with the reason. */
export function UploadList({ uploads, onDismiss }: { uploads: readonly Upload[]; onDismiss: (id: string) => void }) {
  const { t } = useTranslation('assets');
  if (uploads.length === 0) return null;
  return (
    <ul className={styles.uploads} aria-label={t('upload.label')}>
      {uploads.map(({ id, name, progress, error }) => (
        <li key={id}>
          <strong>{name}</strong>
          {error === undefined ? (
            <progress value={progress} aria-label={t('upload.progress', { name })} />
          ) : (
            <>
              <span role="alert" className={styles.refused}>
                {error}
              </span>
              <Button
                type="text"
                size="small"
                aria-label={t('upload.dismiss', { name })}
                icon={<X size={14} aria-hidden />}
                onClick={() => onDismiss(id)}
              />
            </>
          )}
        </li>
      ))}
    </ul>
  );
}
