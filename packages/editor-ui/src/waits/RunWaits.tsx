import { isTerminal, type RunDetail } from '@imaginarium/protocol';
import { useTranslation } from 'react-i18next';
import { useWaitsOf } from '../api/waits.ts';
import { WaitCard } from './WaitCard.tsx';
import styles from './WaitList.module.css';

/** What a run waits for. Nothing where nothing is waited for. */
export function RunWaits({ run }: { run: RunDetail }) {
  const { t } = useTranslation('waits');
  const waits = run.steps.some(({ state }) => state === 'waiting') && !isTerminal(run.state);
  const list = useWaitsOf(run.id, { enabled: waits }).data?.waits ?? [];
  if (!waits || list.length === 0) return null;
  return (
    <section aria-labelledby="waits" className={styles.section}>
      <h2 id="waits">{t('ofRun')}</h2>
      <div className={styles.list}>
        {list.map((wait) => (
          <WaitCard key={wait.id} wait={wait} />
        ))}
      </div>
    </section>
  );
}
