import type { Trigger } from '@imaginarium/protocol';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../../components/CopyButton.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import styles from './VersionMenu.module.css';

/** What listens for the active version: addresses to copy, and the times that are next. */
export function ActiveTriggers({ triggers }: { triggers: readonly Trigger[] }) {
  const { t } = useTranslation('editor');
  return (
    <ul aria-label={t('version.listening')} className={styles.triggers}>
      {triggers.map(({ node, name, kind, path, secret, nextAt }) => (
        <li key={node}>
          <span>
            {name}
            <small>
              {path !== null && window.location.origin + path}
              {kind === 'failure' && t('version.onFailure')}
              {nextAt !== null && (
                <>
                  {t('version.next')} <RelativeTime at={nextAt} />
                </>
              )}
            </small>
          </span>
          {path !== null && (
            <CopyButton text={window.location.origin + path} label={t('version.copyAddress', { name })} />
          )}
          {secret !== null && <CopyButton text={secret} label={t('version.copySecret', { name })} />}
        </li>
      ))}
    </ul>
  );
}
