import type { Item, Step } from '@imaginarium/protocol';
import { useTranslation } from 'react-i18next';
import { FilesOf } from './FilesOf.tsx';
import { ItemTable } from './ItemTable.tsx';
import { filesIn } from './results.ts';
import styles from './StepDetails.module.css';

/** What a step gave, port by port: its files, and its items where they say more than the files do. */
export function StepDetails({ step }: { step: Step }) {
  const { t } = useTranslation('runs');
  const ports = Object.entries(step.outputs).filter(([, items]) => items.length > 0);
  if (ports.length === 0) {
    const over = step.finishedAt !== null || step.state === 'skipped';
    return <p className={styles.nothing}>{t(over ? 'steps.noOutput' : 'steps.notYet')}</p>;
  }
  return ports.map(([port, items]) => (
    <section key={port} className={styles.port}>
      <h3>
        {port} <span className={styles.count}>{t('steps.items', { count: items.length })}</span>
      </h3>
      <FilesOf files={filesIn({ [port]: items })} size="small" />
      {items.some(saysMore) && <ItemTable port={port} items={items} />}
    </section>
  ));
}

function saysMore(item: Item): boolean {
  return item.file === undefined || Object.keys(item.fields).length > 0;
}
