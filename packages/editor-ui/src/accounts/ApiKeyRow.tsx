import type { ApiKey } from '@imaginarium/protocol';
import Button from 'antd/es/button';
import Popconfirm from 'antd/es/popconfirm';
import { KeyRound } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useDeleteApiKey } from '../api/api-keys.ts';
import { RelativeTime } from '../components/RelativeTime.tsx';
import styles from './ApiKeys.module.css';

export function ApiKeyRow({ apiKey }: { apiKey: ApiKey }) {
  const { t } = useTranslation('accounts');
  const { t: common } = useTranslation();
  const revoke = useDeleteApiKey();
  return (
    <li className={styles.row}>
      <KeyRound size={16} aria-hidden className={styles.icon} />
      <div className={styles.name}>
        <strong>{apiKey.name}</strong>
        <code>{apiKey.prefix}…</code>
      </div>
      <span className={styles.used}>
        {apiKey.lastUsedAt === null ? (
          t('account.never')
        ) : (
          <>
            {t('account.used')} <RelativeTime at={apiKey.lastUsedAt} />
          </>
        )}
      </span>
      <Popconfirm
        title={t('account.revokeSure', { name: apiKey.name })}
        description={<div style={{ maxWidth: 260 }}>{t('account.revokeHelp')}</div>}
        placement="topRight"
        getPopupContainer={(button) => button.parentElement ?? document.body}
        okText={t('account.revoke')}
        cancelText={common('action.cancel')}
        okButtonProps={{ danger: true }}
        onConfirm={() => revoke.mutateAsync(apiKey.id)}
      >
        <Button type="text" danger aria-label={t('account.revokeNamed', { name: apiKey.name })}>
          {t('account.revoke')}
        </Button>
      </Popconfirm>
    </li>
  );
}
