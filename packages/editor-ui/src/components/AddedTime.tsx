import type { TimeAdded } from '@imaginarium/protocol';
import { useTranslation } from 'react-i18next';
import { formatDuration } from './format.ts';

/** Time that is not in an estimate: "+ 2.1 s for each face found". */
export function AddedTime({ adds: { each, ms, onceMs } }: { adds: TimeAdded }) {
  const { t } = useTranslation();
  if (ms === null) return t('added.unknown', { each });
  const words = { each, time: formatDuration(ms), once: formatDuration(onceMs) };
  return onceMs > 0 ? t('added.once', words) : t('added.each', words);
}
