import type { WorkflowSummary } from '@imaginarium/protocol';
import AntApp from 'antd/es/app';
import { useTranslation } from 'react-i18next';
import { client } from '../api/client.ts';
import { workflowFileName, writeWorkflowFile } from './workflow-file.ts';

/** How long a browser has to begin reading the file. */
const KEEP_MS = 30_000;

/** Downloads a workflow's draft as a file, for another server, the command line, or a repository. */
export function useExport(): (workflow: WorkflowSummary) => Promise<void> {
  const { t } = useTranslation('home');
  const { message } = AntApp.useApp();
  return async ({ id, name }) => {
    try {
      const { draft } = await client.call('getWorkflow', { params: { id } });
      const url = URL.createObjectURL(new Blob([writeWorkflowFile(draft)], { type: 'application/json' }));
      const link = Object.assign(document.createElement('a'), { href: url, download: workflowFileName(name) });
      link.click();
      // The browser reads it after the click; revoked at once, a busy one finds nothing.
      setTimeout(() => URL.revokeObjectURL(url), KEEP_MS);
    } catch (error) {
      message.error(`${t('card.exportFailed', { name })}. ${(error as Error).message}`);
    }
  };
}
