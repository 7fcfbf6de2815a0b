import type { CachedStep } from '../run/cached-step.ts';

/** Keeps what pure steps gave, by a hash of all that it depends on. May forget at any time. */
export interface StepCache {
  get(workspaceId: string, key: string): Promise<CachedStep | undefined>;
  put(workspaceId: string, key: string, step: CachedStep): Promise<void>;
}
