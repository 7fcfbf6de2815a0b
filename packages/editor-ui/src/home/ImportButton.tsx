import Button from 'antd/es/button';
import { FileUp } from 'lucide-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';

interface ImportButtonProps {
  busy: boolean;
  onFile: (file: File) => void;
}

/** Asks for a workflow file. */
export function ImportButton({ busy, onFile }: ImportButtonProps) {
  const { t } = useTranslation('home');
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button icon={<FileUp size={15} aria-hidden />} loading={busy} onClick={() => input.current?.click()}>
        {t('import')}
      </Button>
      <input
        ref={input}
        hidden
        type="file"
        accept=".json,application/json"
        data-testid="workflow-file"
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          event.target.value = '';
          if (file) onFile(file);
        }}
      />
    </>
  );
}
