import type { Workflow } from '@imaginarium/protocol';
import Button from 'antd/es/button';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useCreateWorkflow } from '../api/workflows.ts';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import { LinkButton } from '../components/LinkButton.tsx';
import styles from './EditorScreen.module.css';

/** A workflow that belongs to the server: it is not edited, but one of your own can be made of it. */
export function BuiltInWorkflow({ workflow: { name, draft } }: { workflow: Pick<Workflow, 'name' | 'draft'> }) {
  const { t } = useTranslation('editor');
  const navigate = useNavigate();
  const create = useCreateWorkflow();
  const copy = () =>
    create.mutate(
      { name, graph: draft },
      { onSuccess: ({ id }) => void navigate(`/workflows/${id}`, { replace: true }) },
    );
  return (
    <main className={styles.alone}>
      <h1>{name}</h1>
      <p>{t('builtIn.text')}</p>
      {create.error && <ErrorNotice error={create.error} title={t('builtIn.trouble')} onRetry={copy} />}
      <div className={styles.choices}>
        <Button type="primary" loading={create.isPending} onClick={copy}>
          {t('builtIn.copy')}
        </Button>
        <LinkButton to="/assets" type="default">
          {t('builtIn.assets')}
        </LinkButton>
      </div>
    </main>
  );
}
