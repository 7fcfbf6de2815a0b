import type { OpenWorkspace } from '../../workspace-stores.ts';
import { SqlAssetList } from './assets.ts';
import type { Database } from './database.ts';
import { SqlFileIndex } from './files.ts';
import { asUuid } from './identifiers.ts';
import { SqlNoticeList } from './notices.ts';
import type { RunCredits } from './run-credits.ts';
import { SqlRunList } from './runs.ts';
import { SqlWorkspaceTriggers } from './triggers.ts';
import { SqlUpscaleList } from './upscales.ts';
import { SqlWaitList } from './waits.ts';
import { SqlWorkflowStore } from './workflows.ts';
import { SqlWorkspaceCredits } from './workspace-credits.ts';
import { SqlWorkspaceUsage } from './workspace-usage.ts';

/**
 * The one place where queries get their workspace: what is opened here names it in every statement.
 * @param onTriggersChanged called when a trigger, or the name or being of its workflow, has changed.
 */
export function openWorkspaceOn(
  database: Database,
  credits: RunCredits,
  onTriggersChanged: () => void = () => undefined,
): OpenWorkspace {
  return (workspaceId) => {
    const id = asUuid(workspaceId);
    if (!id) throw new Error(`A workspace id is a UUID; received ${JSON.stringify(workspaceId)}.`);
    return {
      workflows: new SqlWorkflowStore(database, id, onTriggersChanged),
      runs: new SqlRunList(database, id),
      files: new SqlFileIndex(database, id),
      assets: new SqlAssetList(database, id),
      upscales: new SqlUpscaleList(database, id),
      triggers: new SqlWorkspaceTriggers(database, id, onTriggersChanged),
      waits: new SqlWaitList(database, id),
      credits: new SqlWorkspaceCredits(database, id, credits),
      usage: new SqlWorkspaceUsage(database, id),
      notices: new SqlNoticeList(database, id),
    };
  };
}
