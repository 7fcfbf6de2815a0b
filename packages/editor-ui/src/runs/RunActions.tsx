import type { Run } from '@imaginarium/protocol';
import AntApp from 'antd/es/app';
import Button from 'antd/es/button';
import { CircleStop, RotateCw, StepForward } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { type RepeatHow, useCancelRun, useRepeatRun } from '../api/runs.ts';

export function CancelButton({ run }: { run: Run }) {
  const { t } = useTranslation('runs');
  const { message } = AntApp.useApp();
  const cancel = useCancelRun();
  return (
    <Button
      icon={<CircleStop size={14} aria-hidden />}
      loading={cancel.isPending}
      onClick={() =>
        cancel.mutate(run.id, {
          onError: (error) => void message.error(`${t('run.cancelFailed')}. ${error.message}`),
        })
      }
    >
      {t('run.cancel')}
    </Button>
  );
}

/** Runs again and goes to the new run: from its start, or from the step that failed. */
export function RepeatButton({ run, from = 'start' }: { run: Run; from?: 'start' | 'failed' }) {
  const { t } = useTranslation('runs');
  const { repeat, isPending } = useRepeat(run);
  return (
    <Button
      type={from === 'start' ? 'primary' : 'default'}
      icon={from === 'start' ? <RotateCw size={14} aria-hidden /> : <StepForward size={14} aria-hidden />}
      loading={isPending}
      onClick={() => repeat({ from })}
    >
      {t(from === 'start' ? 'run.again' : 'run.againFromFailed')}
    </Button>
  );
}

/** Repeats a run and goes to the new one, or says why not. */
export function useRepeat(run: Run) {
  const { t } = useTranslation('runs');
  const { message } = AntApp.useApp();
  const navigate = useNavigate();
  const { mutate, isPending } = useRepeatRun();
  const repeat = (how: RepeatHow) =>
    mutate(
      { id: run.id, ...how },
      {
        onSuccess: (next) => void navigate(`/runs/${next.id}`),
        onError: (error) => void message.error(`${t('run.againFailed')}. ${error.message}`),
      },
    );
  return { repeat, isPending };
}
