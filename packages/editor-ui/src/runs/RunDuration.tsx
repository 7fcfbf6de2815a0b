import type { Run } from '@imaginarium/protocol';
import { formatDuration } from '../components/format.ts';
import { useNow } from '../components/use-now.ts';

/** How long a run took, or has been taking; a dash before it starts. */
export function RunDuration({ run }: { run: Pick<Run, 'startedAt' | 'finishedAt'> }) {
  const ticking = run.startedAt !== null && run.finishedAt === null;
  const now = useNow(ticking ? 1000 : 0);
  if (run.startedAt === null) return <>–</>;
  const end = run.finishedAt === null ? now : Date.parse(run.finishedAt);
  return <>{formatDuration(Math.max(0, end - Date.parse(run.startedAt)))}</>;
}
