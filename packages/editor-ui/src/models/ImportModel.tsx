import { ApiError } from '@imaginarium/client';
import AntApp from 'antd/es/app';
import { FileUp } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useImportModel } from '../api/models.ts';
import { FilesButton } from '../components/FilesButton.tsx';
import { LicenceDialog } from './LicenceDialog.tsx';

/** Installs a model from a file of this computer; what cannot be used is refused with every reason. */
export function ImportModel() {
  const { t } = useTranslation('models');
  const { message, modal } = AntApp.useApp();
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
      <FilesButton
        icon={<FileUp size={15} aria-hidden />}
        loading={imports.isPending}
        accept=".onnx"
        testId="model-file"
        onFiles={([file]) => file && send(file, false)}
      >
        {imports.isPending ? t('importing') : t('import')}
      </FilesButton>
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
