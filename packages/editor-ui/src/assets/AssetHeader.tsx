import type { Asset } from '@imaginarium/protocol';
import AntApp from 'antd/es/app';
import Button from 'antd/es/button';
import Popconfirm from 'antd/es/popconfirm';
import { Download, Pencil, Sparkles, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { useDeleteAsset } from '../api/assets.ts';
import { client } from '../api/client.ts';
import { formatFileSize } from '../components/format.ts';
import { RelativeTime } from '../components/RelativeTime.tsx';
import styles from './AssetScreen.module.css';
import { NameForm } from './NameForm.tsx';
import { UpscaleDialog } from './UpscaleDialog.tsx';

/** What an asset is, and what can be done with it. */
export function AssetHeader({ asset }: { asset: Asset }) {
  const { t } = useTranslation('assets');
  const [naming, setNaming] = useState(false);
  const [upscaling, setUpscaling] = useState(false);
  const { name, original, sourceApp, createdAt } = asset;
  return (
    <header className={styles.header}>
      <div className={styles.words}>
        <p className={styles.path}>
          <Link to="/assets">{t('title')}</Link>
        </p>
        {naming ? (
          <NameForm asset={asset} onDone={() => setNaming(false)} />
        ) : (
          <div className={styles.title}>
            <h1>{name}</h1>
            <Button
              type="text"
              size="small"
              aria-label={t('asset.rename')}
              title={t('asset.rename')}
              icon={<Pencil size={14} aria-hidden />}
              onClick={() => setNaming(true)}
            />
          </div>
        )}
        <ul className={styles.facts}>
          <li>
            {t('asset.added')} <RelativeTime at={createdAt} /> {sourceApp && t('asset.from', { app: sourceApp })}
          </li>
          {original && <li>{formatFileSize(original)}</li>}
        </ul>
      </div>
      <div className={styles.actions}>
        <DeleteButton asset={asset} />
        {original && (
          <Button
            icon={<Download size={14} aria-hidden />}
            href={client.fileUrl(original.id, { download: true, name: original.name })}
          >
            {t('asset.download')}
          </Button>
        )}
        <Button
          type="primary"
          disabled={!original}
          title={original ? undefined : t('upscale.noOriginal')}
          icon={<Sparkles size={14} aria-hidden />}
          onClick={() => setUpscaling(true)}
        >
          {t('upscale.button')}
        </Button>
      </div>
      <UpscaleDialog asset={asset} open={upscaling} onClose={() => setUpscaling(false)} />
    </header>
  );
}

function DeleteButton({ asset: { id, name } }: { asset: Asset }) {
  const { t } = useTranslation('assets');
  const { t: common } = useTranslation();
  const { message } = AntApp.useApp();
  const navigate = useNavigate();
  const { mutateAsync: remove } = useDeleteAsset(id);
  return (
    <Popconfirm
      title={t('asset.deleteSure', { name })}
      description={<div style={{ maxWidth: 280 }}>{t('asset.deleteHelp')}</div>}
      placement="bottomRight"
      getPopupContainer={(button) => button.parentElement ?? document.body}
      okText={t('asset.delete')}
      cancelText={common('action.cancel')}
      okButtonProps={{ danger: true }}
      onConfirm={() =>
        remove().then(
          () => {
            void message.success(t('asset.deleted', { name }));
            void navigate('/assets');
          },
          (error: Error) => void message.error(`${t('asset.deleteFailed')}. ${error.message}`),
        )
      }
    >
      <Button danger icon={<Trash2 size={14} aria-hidden />}>
        {t('asset.delete')}
      </Button>
    </Popconfirm>
  );
}
