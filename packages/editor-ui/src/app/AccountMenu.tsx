import Button from 'antd/es/button';
import Dropdown from 'antd/es/dropdown';
import { Boxes, KeyRound, ListOrdered, LogOut, Tags, Wallet } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useSession, useSignOut } from '../api/session.ts';
import styles from './AccountMenu.module.css';

/** Who is signed in, and the way out. */
export function AccountMenu() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const session = useSession().data;
  const signOut = useSignOut();
  if (!session) return null;
  const { name, email } = session.user;
  const items = [
    {
      key: 'settings',
      label: t('account.settings'),
      icon: <KeyRound size={14} aria-hidden />,
      onClick: () => void navigate('/account'),
    },
    {
      key: 'wallet',
      label: t('account.wallet'),
      icon: <Wallet size={14} aria-hidden />,
      onClick: () => void navigate('/wallet'),
    },
    {
      key: 'prices',
      label: t('account.prices'),
      icon: <Tags size={14} aria-hidden />,
      onClick: () => void navigate('/prices'),
    },
    ...(session.workspace.role === 'owner'
      ? [
          {
            key: 'queue',
            label: t('account.queue'),
            icon: <ListOrdered size={14} aria-hidden />,
            onClick: () => void navigate('/queue'),
          },
          {
            key: 'models',
            label: t('account.models'),
            icon: <Boxes size={14} aria-hidden />,
            onClick: () => void navigate('/models'),
          },
        ]
      : []),
    {
      key: 'sign-out',
      label: t('account.signOut'),
      icon: <LogOut size={14} aria-hidden />,
      onClick: () => signOut.mutate(),
    },
  ];
  return (
    <Dropdown
      trigger={['click']}
      menu={{ items }}
      popupRender={(menu) => (
        <div className={styles.popup}>
          <div className={styles.who}>
            <strong>{name}</strong>
            <span>{email}</span>
          </div>
          {menu}
        </div>
      )}
    >
      <Button type="text" shape="circle" aria-label={`${t('account.menu')}: ${name}`} className={styles.button}>
        <span className={styles.initials} data-initials={initialsOf(name)} />
      </Button>
    </Dropdown>
  );
}

function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  const last = words.length > 1 ? words.at(-1) : undefined;
  return [words[0], last].map((word) => Array.from(word ?? '')[0]?.toUpperCase() ?? '').join('');
}
