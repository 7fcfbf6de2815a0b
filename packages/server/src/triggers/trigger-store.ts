import type { TriggerSettings } from './trigger-settings.ts';

/** A trigger that is about to listen. */
export interface NewTrigger {
  node: string;
  settings: TriggerSettings;
  /** Webhook: the hash of its path's token. The token itself is stored nowhere. */
  tokenHash: string | null;
  /** Schedule: when it is due first. */
  nextAt: string | null;
}

/** A trigger that listens. */
export interface StoredTrigger extends NewTrigger {
  id: string;
  workspaceId: string;
  workflowId: string;
  workflowName: string;
  /** The version it starts; null for a webhook that tries the draft out. */
  version: number | null;
  /** Who let it listen. */
  createdBy: string;
  createdAt: string;
}

/** The triggers of one workspace. Another workspace's ids are simply not there. */
export interface WorkspaceTriggers {
  /** The triggers of a workflow's active version; none when no version is active. */
  active(workflowId: string): Promise<StoredTrigger[]>;
  /** The active triggers that listen for failures of other workflows. */
  ofFailures(): Promise<StoredTrigger[]>;
  /** Puts the triggers of a version in the place of any other's. False when there is no such workflow. */
  activate(
    workflowId: string,
    activation: { version: number; triggers: readonly NewTrigger[]; createdBy: string },
  ): Promise<boolean>;
  /** Ends what `activate` began. False when there is no such workflow. */
  deactivate(workflowId: string): Promise<boolean>;
  /** Lets one webhook try the draft out until then, in place of the one before. False when there is no such workflow. */
  openTest(workflowId: string, test: { trigger: NewTrigger; createdBy: string; expiresAt: string }): Promise<boolean>;
}

/** The triggers of all workspaces, for those who listen for them. */
export interface TriggerStore {
  /** A promise, unless it is at hand. */
  findByToken(tokenHash: string): Promise<StoredTrigger | undefined> | StoredTrigger;
  /** Schedules that are due by `now`, those that wait longest first. */
  due(now: string, limit: number): Promise<StoredTrigger[]>;
  /** Says when a schedule is due next. False, changing nothing, when it is not due at `from` any longer. */
  advance(id: string, from: string, to: string | null): Promise<boolean>;
}
