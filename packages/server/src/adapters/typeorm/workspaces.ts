import type { OpenWorkspace } from '../../workspace-stores.ts';
import { SqlAssetList } from './assets/assets.ts';
import { SqlUpscaleList } from './assets/upscales.ts';
import type { RunCredits } from './books/run-credits.ts';
import { SqlWorkspaceCredits } from './books/workspace-credits.ts';
import { SqlWorkspaceUsage } from './books/workspace-usage.ts';
import type { Database } from './database/database.ts';
import { asUuid } from './database/identifiers.ts';
import { SqlFileIndex } from './files/files.ts';
import { SqlNoticeList } from './notices.ts';
import { SqlRunList } from './runs/runs.ts';
import { SqlWaitList } from './runs/waits.ts';
import { SqlWorkspaceTriggers } from './triggers.ts';
import { SqlWorkflowStore } from './workflows.ts';

/**
 * The one place where queries get their workspace: what is opened here names it in every statement.
 * @param onTriggersChanged called when a trigger, or the name or being of its workflow, has changed.
 * @param now milliseconds since 1970, by the clock that all who share the database go by.
 */
export function openWorkspaceOn(
  database: Database,
  credits: RunCredits,
  onTriggersChanged: () => void = () => undefined,
  now: () => number = Date.now,
): OpenWorkspace {
  return (workspaceId) => {
    const id = asUuid(workspaceId);
    if (!id) throw new Error(`A workspace id is a UUID; received ${JSON.stringify(workspaceId)}.`);
    return {
      workflows: new SqlWorkflowStore(database, id, onTriggersChanged),
      runs: new SqlRunList(database, id),
      files: new SqlFileIndex(database, id),
      assets: new SqlAssetList(database, id, now),
      upscales: new SqlUpscaleList(database, id, now),
      triggers: new SqlWorkspaceTriggers(database, id, onTriggersChanged),
      waits: new SqlWaitList(database, id),
      credits: new SqlWorkspaceCredits(database, id, credits),
      usage: new SqlWorkspaceUsage(database, id),
      notices: new SqlNoticeList(database, id),
    };
  };
}
