import type { Run } from '@imaginarium/protocol';
import AntApp from 'antd/es/app';
import Button from 'antd/es/button';
import { CircleStop, RotateCw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useCancelRun, useRepeatRun } from '../api/runs.ts';

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

/** Runs again and goes to the new run. */
export function RepeatButton({ run }: { run: Run }) {
  const { t } = useTranslation('runs');
  const { message } = AntApp.useApp();
  const navigate = useNavigate();
  const repeat = useRepeatRun();
  return (
    <Button
      type="primary"
      icon={<RotateCw size={14} aria-hidden />}
      loading={repeat.isPending}
      onClick={() =>
        repeat.mutate(run.id, {
          onSuccess: (next) => void navigate(`/runs/${next.id}`),
          onError: (error) => void message.error(`${t('run.againFailed')}. ${error.message}`),
        })
      }
    >
      {t('run.again')}
    </Button>
  );
}
