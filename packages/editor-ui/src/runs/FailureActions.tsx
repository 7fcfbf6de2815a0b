import type { Run } from '@imaginarium/protocol';
import AntApp from 'antd/es/app';
import Button from 'antd/es/button';
import { Check, RotateCw, StepForward } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useDismissRuns, useRepeatRuns } from '../api/runs.ts';
import styles from './FailureTable.module.css';

interface FailureActionsProps {
  chosen: readonly Run[];
  onDone: () => void;
}

/** What can be done about the runs that are marked. Other inputs are for one run at a time, on its page. */
export function FailureActions({ chosen, onDone }: FailureActionsProps) {
  const { t } = useTranslation('runs');
  const { message } = AntApp.useApp();
  const repeat = useRepeatRuns();
  const dismiss = useDismissRuns();
  const runIds = chosen.map((run) => run.id);
  const fail = (error: Error) => void message.error(`${t('failures.notDone')}. ${error.message}`);
  const again = (from: 'start' | 'failed') =>
    repeat.mutate(
      { runIds, from },
      {
        onSuccess: (results) => {
          const refused = results.flatMap(({ error }) => error ?? []);
          const done = results.length - refused.length;
          if (done > 0) void message.success(t('failures.startedAgain', { count: done }));
          if (refused[0]) void message.error(t('failures.refused', { count: refused.length, why: refused[0].message }));
          onDone();
        },
        onError: fail,
      },
    );
  const none = chosen.length === 0;
  return (
    <div className={styles.actions}>
      <span className={styles.count} role="status">
        {none ? t('failures.choose') : t('failures.chosen', { count: chosen.length })}
      </span>
      <Button
        disabled={none}
        icon={<Check size={14} aria-hidden />}
        loading={dismiss.isPending}
        onClick={() => dismiss.mutate(runIds, { onSuccess: onDone, onError: fail })}
      >
        {t('failures.dismiss')}
      </Button>
      <Button
        disabled={none || repeat.isPending}
        icon={<StepForward size={14} aria-hidden />}
        onClick={() => again('failed')}
      >
        {t('run.againFromFailed')}
      </Button>
      <Button
        type="primary"
        disabled={none}
        icon={<RotateCw size={14} aria-hidden />}
        loading={repeat.isPending}
        onClick={() => again('start')}
      >
        {t('run.again')}
      </Button>
    </div>
  );
}
