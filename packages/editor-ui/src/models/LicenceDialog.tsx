import type { ModelEntry } from '@imaginarium/protocol';
import Modal from 'antd/es/modal';
import { useTranslation } from 'react-i18next';

interface LicenceDialogProps {
  /** The model that is asked about; null while nothing is. */
  entry: Pick<ModelEntry, 'title' | 'licence'> | null;
  onAccept: () => void;
  onClose: () => void;
}

/** Shows a licence that is not for commercial use, to be accepted before its model is installed. */
export function LicenceDialog({ entry, onAccept, onClose }: LicenceDialogProps) {
  const { t } = useTranslation('models');
  return (
    <Modal
      open={entry !== null}
      title={t('licence.title', { licence: entry?.licence.name })}
      okText={t('licence.accept')}
      onOk={onAccept}
      onCancel={onClose}
      width={480}
    >
      <p>{t('licence.text', { name: entry?.title, note: entry?.licence.note ?? '' })}</p>
      {entry?.licence.url && (
        <p>
          <a href={entry.licence.url} target="_blank" rel="noreferrer">
            {t('licenceText')}
          </a>
        </p>
      )}
      <p>{t('licence.kept')}</p>
    </Modal>
  );
}
