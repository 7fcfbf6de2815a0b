import { countedSpeed, isTimed, type ModelState } from '@imaginarium/protocol';
import { useTranslation } from 'react-i18next';
import { formatBytes, formatDuration } from '../components/format.ts';
import { HowToInstall } from './HowToInstall.tsx';
import { ModelActions } from './ModelActions.tsx';
import styles from './ModelsScreen.module.css';
import { PullState } from './PullState.tsx';

/** One model: what it is good for, what it costs, whether it is here, and what can be done with it. */
export function ModelRow({ model, mayChange }: { model: ModelState; mayChange: boolean }) {
  const { entry, state, pullable } = model;
  return (
    <li className={styles.model} aria-label={entry.title}>
      <div className={styles.what}>
        <div className={styles.name}>
          <strong>{entry.title}</strong>
          <StateTag model={model} />
        </div>
        <p className={styles.summary}>{entry.summary}</p>
        <Facts model={model} />
        <PullState model={model} />
        {state !== 'installed' && !pullable && <HowToInstall entry={entry} />}
      </div>
      {mayChange && <ModelActions model={model} />}
    </li>
  );
}

/** Scale, size, time and licence, as far as they are known. */
function Facts({ model: { entry, speed, state, accepted } }: { model: ModelState }) {
  const { t } = useTranslation('models');
  const speeds = isTimed(entry) && state === 'installed';
  const counted = speed && countedSpeed(entry, speed);
  return (
    <ul className={styles.facts}>
      {entry.task === 'super-resolution' && <li>{t('scale', { scale: entry.scale })}</li>}
      {entry.bytes !== null && <li>{formatBytes(entry.bytes)}</li>}
      {speeds && (
        <li>{counted ? t(`speed.${counted.each}`, { time: formatDuration(counted.ms) }) : t('unmeasured')}</li>
      )}
      <li title={entry.licence.note}>
        {entry.licence.url ? (
          <a href={entry.licence.url} target="_blank" rel="noreferrer">
            {entry.licence.name}
          </a>
        ) : (
          entry.licence.name
        )}
      </li>
      {!entry.commercial && <li className={styles.warn}>{t('nonCommercial')}</li>}
      {accepted && <li>{t('accepted', { name: accepted.by })}</li>}
    </ul>
  );
}

function StateTag({ model: { entry, state, pull } }: { model: ModelState }) {
  const { t } = useTranslation('models');
  if (pull?.state === 'pulling') return <span className={styles.tag}>{t('state.pulling')}</span>;
  if (state === 'damaged') return <span className={`${styles.tag} ${styles.bad}`}>{t('state.damaged')}</span>;
  if (state === 'missing') return <span className={styles.tag}>{t('state.missing')}</span>;
  const key = entry.origin === 'shipped' ? 'shipped' : entry.origin === 'own' ? 'own' : 'installed';
  return <span className={`${styles.tag} ${styles.good}`}>{t(`state.${key}`)}</span>;
}
