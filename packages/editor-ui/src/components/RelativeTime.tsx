import { formatExactTime, formatRelativeTime } from './format.ts';
import { useNow } from './use-now.ts';

/** "5 minutes ago", with the exact moment on hover. */
export function RelativeTime({ at }: { at: string }) {
  const now = useNow(30_000);
  const moment = Date.parse(at);
  return (
    <time dateTime={at} title={formatExactTime(moment)} style={{ whiteSpace: 'nowrap' }}>
      {formatRelativeTime(moment, now)}
    </time>
  );
}
