import Button from 'antd/es/button';
import { Upload } from 'lucide-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';

/** Chooses pictures of this computer. */
export function AddButton({ onFiles }: { onFiles: (files: File[]) => void }) {
  const { t } = useTranslation('assets');
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button type="primary" icon={<Upload size={15} aria-hidden />} onClick={() => input.current?.click()}>
        {t('upload.button')}
      </Button>
      <input
        ref={input}
        hidden
        type="file"
        accept="image/*"
        multiple
        data-testid="asset-files"
        onChange={({ target }) => {
          onFiles([...(target.files ?? [])]);
          target.value = '';
        }}
      />
    </>
  );
}
