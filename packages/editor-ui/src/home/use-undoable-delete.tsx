import type { WorkflowSummary } from '@imaginarium/protocol';
import AntApp from 'antd/es/app';
import Button from 'antd/es/button';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDeleteWorkflow } from '../api/workflows.ts';

/** How long a deleted workflow can be called back. The server knows no undo, so it is told only after this. */
const UNDO_MS = 6000;

/** Deletes at once to the eye, and for good a little later; `leaving` are the ids in between. */
export function useUndoableDelete() {
  const { t } = useTranslation('home');
  const { message } = AntApp.useApp();
  const { mutate } = useDeleteWorkflow();
  const [leaving, setLeaving] = useState<ReadonlySet<string>>(new Set());
  const waiting = useRef(new Map<string, () => void>());

  // Leaving the screen is not undoing: what still waits is deleted then.
  useEffect(() => {
    const all = waiting.current;
    return () => {
      for (const finish of all.values()) finish();
    };
  }, []);

  const remove = ({ id, name }: WorkflowSummary) => {
    const bringBack = () => setLeaving((before) => new Set([...before].filter((one) => one !== id)));
    const finish = () => {
      clearTimeout(timer);
      waiting.current.delete(id);
      mutate(id, {
        onError: (error) => {
          bringBack();
          message.error(`${t('card.deleteFailed', { name })}. ${error.message}`);
        },
      });
    };
    const undo = () => {
      clearTimeout(timer);
      waiting.current.delete(id);
      message.destroy(id);
      bringBack();
    };
    const timer = setTimeout(finish, UNDO_MS);
    waiting.current.set(id, finish);
    setLeaving((before) => new Set(before).add(id));
    message.open({
      key: id,
      type: 'success',
      duration: UNDO_MS / 1000,
      content: (
        <>
          {t('card.deleted', { name })}{' '}
          <Button type="link" size="small" onClick={undo}>
            {t('card.undo')}
          </Button>
        </>
      ),
    });
  };
  return { leaving, remove };
}
