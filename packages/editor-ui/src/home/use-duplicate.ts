import type { WorkflowSummary } from '@imaginarium/protocol';
import AntApp from 'antd/es/app';
import { useTranslation } from 'react-i18next';
import { client } from '../api/client.ts';
import { useCreateWorkflow } from '../api/workflows.ts';

/** Makes a copy of a workflow's draft as a workflow of its own. */
export function useDuplicate(): (workflow: WorkflowSummary) => Promise<void> {
  const { t } = useTranslation('home');
  const { message } = AntApp.useApp();
  const { mutateAsync: create } = useCreateWorkflow();
  return async ({ id, name }) => {
    try {
      const { draft } = await client.call('getWorkflow', { params: { id } });
      await create({ name: t('card.copyName', { name }).slice(0, 200), graph: draft });
    } catch (error) {
      message.error(`${t('card.duplicateFailed', { name })}. ${(error as Error).message}`);
    }
  };
}
