import type { Asset } from '@imaginarium/protocol';
import AntApp from 'antd/es/app';
import Input from 'antd/es/input';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRenameAsset } from '../api/assets.ts';
import styles from './AssetScreen.module.css';

/** Gives an asset another name: Enter and leaving the field keep it, Escape does not. */
export function NameForm({ asset, onDone }: { asset: Asset; onDone: () => void }) {
  const { t } = useTranslation('assets');
  const { message } = AntApp.useApp();
  const [name, setName] = useState(asset.name);
  const rename = useRenameAsset(asset.id);
  const keep = () => {
    const trimmed = name.trim();
    if (trimmed !== '' && trimmed !== asset.name)
      rename.mutate(trimmed, {
        onError: (error) => void message.error(`${t('asset.renameFailed')}. ${error.message}`),
      });
    onDone();
  };
  return (
    <Input
      autoFocus
      className={styles.naming}
      size="large"
      maxLength={200}
      aria-label={t('asset.name')}
      value={name}
      onChange={({ target }) => setName(target.value)}
      onPressEnter={keep}
      onBlur={keep}
      onKeyDown={({ key }) => key === 'Escape' && onDone()}
    />
  );
}
