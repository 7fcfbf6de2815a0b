import type { WorkflowSummary } from '@imaginarium/protocol';
import { useTranslation } from 'react-i18next';
import { FlowPicture } from '../components/FlowPicture.tsx';
import { LinkButton } from '../components/LinkButton.tsx';
import styles from './Welcome.module.css';

/** The first visit, before anything ran: what to do, and the way there. */
export function Welcome({ workflow }: { workflow: WorkflowSummary }) {
  const { t } = useTranslation('home');
  const { id, name } = workflow;
  return (
    <section className={styles.welcome} aria-labelledby="welcome">
      <div>
        <h2 id="welcome">{t('welcome.title')}</h2>
        <p>{t('welcome.text', { name })}</p>
        <LinkButton to={`/workflows/${id}`}>{t('welcome.open', { name })}</LinkButton>
      </div>
      <FlowPicture width={340} />
    </section>
  );
}
