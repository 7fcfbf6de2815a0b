import type { AssetList } from './assets/asset-list.ts';
import type { UpscaleList } from './assets/upscale-list.ts';
import type { WorkspaceCredits } from './credits/ledger.ts';
import type { WorkspaceUsage } from './credits/usage.ts';
import type { FileIndex } from './files/file-index.ts';
import type { NoticeList } from './notices/notice-list.ts';
import type { RunList } from './runs/run-list.ts';
import type { WorkspaceTriggers } from './triggers/trigger-store.ts';
import type { WaitList } from './waits/wait-list.ts';
import type { WorkflowStore } from './workflows/workflow-store.ts';

/** All stores of one workspace: the only way to its rows, so that no query can forget whose they are. */
export interface WorkspaceStores {
  workflows: WorkflowStore;
  runs: RunList;
  files: FileIndex;
  assets: AssetList;
  upscales: UpscaleList;
  triggers: WorkspaceTriggers;
  waits: WaitList;
  credits: WorkspaceCredits;
  usage: WorkspaceUsage;
  notices: NoticeList;
}

/** Opens the stores of a workspace. */
export type OpenWorkspace = (workspaceId: string) => WorkspaceStores;
