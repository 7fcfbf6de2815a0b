import { countedSpeed, isTimed, type ModelState } from '@imaginarium/protocol';
import AntApp from 'antd/es/app';
import Button from 'antd/es/button';
import Dropdown from 'antd/es/dropdown';
import { Download, Ellipsis, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type ModelChange, useChangeModel } from '../api/models.ts';
import { formatDuration } from '../components/format.ts';
import { LicenceDialog } from './LicenceDialog.tsx';
import styles from './ModelsScreen.module.css';

/** Install, cancel, check, measure, remove: what fits the model as it is. */
export function ModelActions({ model }: { model: ModelState }) {
  const { entry, state, pull, pullable, accepted } = model;
  const { t } = useTranslation('models');
  const { message } = AntApp.useApp();
  const [asks, setAsks] = useState(false);
  const change = useChangeModel(entry.name);
  const name = entry.title;
  const perform = (what: ModelChange) =>
    change.mutate(what, {
      onError: (error) => void message.error(`${t('changeFailed')}. ${error.message}`),
      onSuccess: (after) => {
        if (what === 'remove') void message.success(t('removed', { name }));
        if (what === 'measure' && after?.speed) {
          const { each, ms } = countedSpeed(entry, after.speed);
          void message.success(t(`measured.${each}`, { name, time: formatDuration(ms) }));
        }
        if (what === 'verify' && after?.state === 'installed') void message.success(t('verified', { name }));
        if (what === 'verify' && after?.state !== 'installed') void message.error(t('damaged', { name }));
      },
    });
  const further = [
    { key: 'measure' as const, label: t('measure'), shown: state === 'installed' && isTimed(entry) },
    { key: 'verify' as const, label: t('verify'), shown: state === 'installed' },
    {
      key: 'remove' as const,
      label: t('remove'),
      shown: state !== 'missing' && entry.origin !== 'shipped',
      danger: true,
    },
  ].filter(({ shown }) => shown);
  return (
    <div className={styles.actions}>
      {pull?.state === 'pulling' ? (
        <Button
          icon={<X size={14} aria-hidden />}
          aria-label={t('cancelOf', { name })}
          onClick={() => perform('cancel')}
        >
          {t('cancel')}
        </Button>
      ) : (
        state !== 'installed' &&
        pullable && (
          <Button
            icon={<Download size={14} aria-hidden />}
            loading={change.isPending}
            aria-label={t('installOf', { name })}
            onClick={() => (entry.commercial || accepted ? perform('pull') : setAsks(true))}
          >
            {t(state === 'damaged' ? 'again' : 'install')}
          </Button>
        )
      )}
      {further.length > 0 && (
        <Dropdown
          trigger={['click']}
          menu={{
            items: further.map(({ shown: _shown, ...item }) => item),
            onClick: ({ key }) => perform(key as ModelChange),
          }}
        >
          <Button
            type="text"
            icon={<Ellipsis size={16} aria-hidden />}
            loading={change.isPending}
            aria-label={t('more', { name })}
          />
        </Dropdown>
      )}
      <LicenceDialog
        entry={asks ? entry : null}
        onAccept={() => {
          setAsks(false);
          perform('accept-and-pull');
        }}
        onClose={() => setAsks(false)}
      />
    </div>
  );
}
