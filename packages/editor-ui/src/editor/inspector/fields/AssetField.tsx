import { type FileRef, isFileRef, type Json } from '@imaginarium/protocol';
import Button from 'antd/es/button';
import { FileText, Upload, X } from 'lucide-react';
import { type DragEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatFileSize } from '../../../components/format.ts';
import { Picture } from '../../../components/Picture.tsx';
import { filesIn } from '../../store/upload-slice.ts';
import styles from './AssetField.module.css';
import type { FieldProps, SpecOf } from './field.ts';

const MIME: Record<string, string> = { image: 'image/*', video: 'video/*', audio: 'audio/*', document: '' };

/** Uploaded files: a place to drop or choose them, each one's progress, and each one's error. */
export function AssetField({ id, spec, value, onChange, describedBy, assets }: FieldProps<SpecOf<'asset'>>) {
  const { t } = useTranslation('editor');
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const files = filesIn(value).filter(isFileRef);
  const accept = spec.accept.map((kind) => MIME[kind]).join(',');
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    event.stopPropagation();
    setOver(false);
    assets.addFiles([...event.dataTransfer.files]);
  };
  const remove = (index: number) => {
    const left = files.toSpliced(index, 1) as unknown as Json[]; // File references are plain data.
    onChange(left.length === 0 || !spec.multiple ? undefined : left);
  };
  return (
    <div className={styles.field}>
      {files.length > 0 && (
        <ul className={styles.files}>
          {files.map((file, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same picture may be given twice; its place tells them apart.
            <FileRow key={`${file.id} ${index}`} file={file} onRemove={() => remove(index)} />
          ))}
        </ul>
      )}
      {assets.uploads.map((upload) => (
        <div key={upload.id} className={styles.upload} role={upload.error ? 'alert' : 'status'}>
          <span className={styles.name}>{upload.name}</span>
          {upload.error ? (
            <>
              <span className={styles.error}>{upload.error}</span>
              <Button
                type="text"
                size="small"
                aria-label={t('asset.dismiss', { name: upload.name })}
                icon={<X size={14} aria-hidden />}
                onClick={() => assets.dismiss(upload.id)}
              />
            </>
          ) : (
            <progress value={upload.progress} aria-label={t('asset.progress', { name: upload.name })} />
          )}
        </div>
      ))}
      <button
        id={id}
        type="button"
        aria-describedby={describedBy}
        className={`${styles.drop} ${over ? styles.over : ''} ${files.length > 0 ? styles.small : ''}`}
        onClick={() => input.current?.click()}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={onDrop}
      >
        <Upload size={16} aria-hidden />
        {files.length === 0 ? t('asset.drop') : t(spec.multiple ? 'asset.more' : 'asset.replace')}
      </button>
      <input
        ref={input}
        hidden
        type="file"
        data-testid={`${id}-files`}
        accept={spec.accept.includes('document') ? undefined : accept}
        multiple={spec.multiple ?? false}
        onChange={(event) => {
          assets.addFiles([...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
    </div>
  );
}

function FileRow({ file, onRemove }: { file: FileRef; onRemove: () => void }) {
  const { t } = useTranslation('editor');
  return (
    <li className={styles.file}>
      <span className={styles.thumbnail}>
        {file.kind === 'image' ? <Picture file={file} alt="" size={160} /> : <FileText size={18} aria-hidden />}
      </span>
      <span className={styles.words}>
        <span className={styles.name} title={file.name}>
          {file.name}
        </span>
        <small>{formatFileSize(file)}</small>
      </span>
      <Button
        type="text"
        size="small"
        aria-label={t('asset.remove', { name: file.name })}
        icon={<X size={14} aria-hidden />}
        onClick={onRemove}
      />
    </li>
  );
}
