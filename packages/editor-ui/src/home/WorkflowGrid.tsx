import type { WorkflowSummary } from '@imaginarium/protocol';
import Button from 'antd/es/button';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useUndoableDelete } from './use-undoable-delete.tsx';
import { WorkflowCard } from './WorkflowCard.tsx';
import styles from './WorkflowGrid.module.css';

/** Two rows on a wide screen; the rest waits behind a button, so that the recent runs stay in sight. */
const SHOWN_AT_FIRST = 8;

export function WorkflowGrid({ workflows }: { workflows: readonly WorkflowSummary[] }) {
  const { t } = useTranslation('home');
  const [all, setAll] = useState(false);
  const { leaving, remove } = useUndoableDelete();
  const kept = workflows.filter(({ id }) => !leaving.has(id));
  const shown = all ? kept : kept.slice(0, SHOWN_AT_FIRST);
  return (
    <>
      <ul className={styles.grid}>
        {shown.map((workflow) => (
          <WorkflowCard key={workflow.id} workflow={workflow} onDelete={() => remove(workflow)} />
        ))}
      </ul>
      {kept.length > shown.length && (
        <Button type="text" className={styles.all} onClick={() => setAll(true)}>
          {t('showAll', { count: kept.length })}
        </Button>
      )}
    </>
  );
}

export function WorkflowGridSkeleton() {
  const { t } = useTranslation('home');
  return (
    <div role="status" aria-label={t('loading')} className={styles.grid}>
      {[0, 1, 2, 3].map((place) => (
        <div key={place} className={styles.skeleton}>
          <span className={styles.cover} />
          <span className={styles.line} />
          <span className={styles.line} />
        </div>
      ))}
    </div>
  );
}
