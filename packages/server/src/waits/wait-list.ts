import type { Wait, WaitKind } from '@imaginarium/protocol';

/** A wait as lists show it, but for what depends on who asks. */
export type ListedWait = Omit<Wait, 'path' | 'mayAnswer'>;

/** What the runs of one workspace wait for. Another workspace's ids are simply not there. */
export interface WaitList {
  /** Open waits, those that wait longest first, and how many there are in all. */
  list(query: { kind?: WaitKind; runId?: string; limit: number }): Promise<{ waits: ListedWait[]; total: number }>;
  /** Undefined when there is none, or it is over. */
  get(id: string): Promise<ListedWait | undefined>;
}
