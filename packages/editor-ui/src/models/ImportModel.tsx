import { ApiError } from '@imaginarium/client';
import AntApp from 'antd/es/app';
import Button from 'antd/es/button';
import { FileUp } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useImportModel } from '../api/models.ts';
import { LicenceDialog } from './LicenceDialog.tsx';
import styles from './ModelsScreen.module.css';

/** Installs a model from a file of this computer; what cannot be used is refused with every reason. */
export function ImportModel() {
  const { t } = useTranslation('models');
  const { message, modal } = AntApp.useApp();
  const input = useRef<HTMLInputElement>(null);
  const [asks, setAsks] = useState<{ file: File; why: string } | null>(null);
  const imports = useImportModel();
  const send = (file: File, acceptLicence: boolean) =>
    imports.mutate(
      { file, acceptLicence },
      {
        onSuccess: ({ entry }) => void message.success(t('imported', { name: entry.title })),
        onError: (error) => {
          if (error instanceof ApiError && error.code === 'licence-not-accepted') setAsks({ file, why: error.message });
          else void modal.error({ title: t('importFailed'), content: error.message, width: 520 });
        },
      },
    );
  return (
    <div>
      <Button
        icon={<FileUp size={15} aria-hidden />}
        loading={imports.isPending}
        onClick={() => input.current?.click()}
      >
        {imports.isPending ? t('importing') : t('import')}
      </Button>
      <input
        ref={input}
        className={styles.hidden}
        tabIndex={-1}
        aria-hidden
        type="file"
        accept=".onnx"
        data-testid="model-file"
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          event.target.value = '';
          if (file) send(file, false);
        }}
      />
      <LicenceDialog
        entry={asks && { title: asks.file.name, licence: { name: asks.file.name, url: null, note: asks.why } }}
        onAccept={() => {
          if (asks) send(asks.file, true);
          setAsks(null);
        }}
        onClose={() => setAsks(null)}
      />
    </div>
  );
}
