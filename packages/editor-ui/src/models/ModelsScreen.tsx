import type { ModelState } from '@imaginarium/protocol';
import Skeleton from 'antd/es/skeleton';
import { useTranslation } from 'react-i18next';
import { useModels } from '../api/models.ts';
import { useTitle } from '../app/use-title.ts';
import { EmptyState } from '../components/EmptyState.tsx';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import { FlowPicture } from '../components/FlowPicture.tsx';
import { ImportModel } from './ImportModel.tsx';
import { ModelRow } from './ModelRow.tsx';
import styles from './ModelsScreen.module.css';

const TASKS = ['super-resolution', 'face-detection', 'face-restoration'] as const;

/** The models that can be had, what they cost in time, and the ways to install and remove them. */
export function ModelsScreen() {
  const { t } = useTranslation('models');
  useTitle(t('title'));
  const list = useModels();
  const mayChange = list.data?.mayChange ?? false;
  return (
    <>
      <div className={styles.head}>
        <div>
          <h1>{t('title')}</h1>
          <p className={styles.lead}>{t('lead')}</p>
        </div>
        {mayChange && <ImportModel />}
      </div>
      {list.error && !list.data && (
        <ErrorNotice error={list.error} title={t('failed')} onRetry={() => void list.refetch()} />
      )}
      {list.isPending && (
        <div role="status" aria-label={t('loading')}>
          <Skeleton active paragraph={{ rows: 10 }} />
        </div>
      )}
      {list.data && !mayChange && <p className={styles.notice}>{t('notOwner')}</p>}
      {list.data?.models.length === 0 && (
        <EmptyState picture={<FlowPicture />} title={t('empty')}>
          {t('emptyText')}
        </EmptyState>
      )}
      {list.data &&
        TASKS.map((task) => (
          <Models
            key={task}
            task={task}
            models={list.data.models.filter(({ entry }) => entry.task === task)}
            mayChange={mayChange}
          />
        ))}
    </>
  );
}

interface ModelsProps {
  task: (typeof TASKS)[number];
  models: readonly ModelState[];
  mayChange: boolean;
}

/** The models of one task, those that are here first, and those that take most to get last. */
function Models({ task, models, mayChange }: ModelsProps) {
  const { t } = useTranslation('models');
  if (models.length === 0) return null;
  const distance = ({ state, pull, pullable }: ModelState) => (state === 'installed' ? 0 : pull ? 1 : pullable ? 2 : 3);
  return (
    <section className={styles.section} aria-labelledby={task}>
      <h2 id={task}>{t(`task.${task}`)}</h2>
      <ul className={styles.card}>
        {models
          .toSorted((a, b) => distance(a) - distance(b))
          .map((model) => (
            <ModelRow key={model.entry.name} model={model} mayChange={mayChange} />
          ))}
      </ul>
    </section>
  );
}
