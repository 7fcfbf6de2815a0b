import AntApp from 'antd/es/app';
import Button from 'antd/es/button';
import { Pause, Play } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useChangeQueue } from '../api/queue.ts';

interface PauseButtonProps {
  paused: boolean;
  /** Only this workspace; left out, everything. */
  workspace?: { id: string; name: string };
}

/** Pauses what runs, or resumes what is paused. */
export function PauseButton({ paused, workspace }: PauseButtonProps) {
  const { t } = useTranslation('queue');
  const { message } = AntApp.useApp();
  const change = useChangeQueue();
  const Icon = paused ? Play : Pause;
  const word = t(paused ? 'resume' : 'pause');
  const label = workspace ? t(paused ? 'resumeOf' : 'pauseOf', { name: workspace.name }) : word;
  return (
    <Button
      type={workspace || !paused ? 'default' : 'primary'}
      size={workspace ? 'small' : 'middle'}
      icon={<Icon size={14} aria-hidden />}
      loading={change.isPending}
      aria-label={label}
      title={paused ? undefined : t('pauseHelp')}
      onClick={() =>
        change.mutate(
          { to: paused ? 'resumed' : 'paused', ...(workspace ? { workspaceId: workspace.id } : {}) },
          { onError: (error) => void message.error(`${t('changeFailed')}. ${error.message}`) },
        )
      }
    >
      {word}
    </Button>
  );
}
