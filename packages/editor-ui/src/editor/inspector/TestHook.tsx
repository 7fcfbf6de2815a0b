import { type GraphNode, TRIGGER_PARAM } from '@imaginarium/protocol';
import Button from 'antd/es/button';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useOpenTestHook, useTestCall } from '../../api/test-hook.ts';
import { CopyButton } from '../../components/CopyButton.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { formatClock } from '../../components/format.ts';
import { useNow } from '../../components/use-now.ts';
import { setParam } from '../document/params.ts';
import type { EditorState } from '../store/editor-store.ts';
import { useServices } from '../store/services.ts';
import { useEditor, useEditorStore } from '../store/use-editor.ts';
import styles from './Inspector.module.css';
import hookStyles from './TestHook.module.css';

const workflowIdOf = (state: EditorState) => state.workflowId;

/** Tries a Webhook out before there is a version: an address that runs the draft for an hour, and each call shown on the canvas. */
export function TestHook({ node }: { node: GraphNode }) {
  const { t } = useTranslation('editor');
  const store = useEditorStore();
  const { autosave, runs } = useServices();
  const workflowId = useEditor(workflowIdOf);
  const open = useOpenTestHook(workflowId);
  const now = useNow(30_000);
  const hook = open.data && Date.parse(open.data.expiresAt) > now ? open.data : undefined;
  const called = useTestCall(workflowId, hook);
  const shown = useRef<string>(undefined);
  useEffect(() => {
    if (!called || shown.current === called.id) return;
    shown.current = called.id;
    void runs.show(called.id);
  }, [called, runs]);
  const begin = async () => {
    // The server answers a call by the draft that it has.
    if (!(await autosave.flush())) return store.getState().tellTrouble({ title: t('trouble.unsaved'), error: null });
    open.mutate(node.id);
  };
  // A trigger's run is asked with what the trigger brought, and with nothing else.
  const [brought] = Object.values(called?.inputs ?? {});
  const keep = () => store.getState().change((graph) => setParam(graph, node.id, TRIGGER_PARAM, brought));
  const address = hook && window.location.origin + hook.path;
  return (
    <section aria-label={t('testHook.title')} className={`${styles.section} ${hookStyles.hook}`}>
      <strong>{t('testHook.title')}</strong>
      <p>{t(hook ? 'testHook.open' : 'testHook.help', { time: hook && formatClock(Date.parse(hook.expiresAt)) })}</p>
      {open.error && <ErrorNotice title={t('testHook.failed')} error={open.error} />}
      {address !== undefined && (
        <p className={hookStyles.address}>
          <code>{address}</code>
          <CopyButton text={address} label={t('testHook.copyAddress')} />
        </p>
      )}
      {hook?.secret && (
        <p className={hookStyles.address}>
          <code>{t('testHook.secret')}</code>
          <CopyButton text={hook.secret} label={t('testHook.copySecret')} />
        </p>
      )}
      {hook && (
        <p role="status">
          {called ? t('testHook.called', { time: formatClock(Date.parse(called.createdAt)) }) : t('testHook.waits')}
        </p>
      )}
      <div className={styles.actions}>
        <Button size="small" loading={open.isPending} onClick={() => void begin()}>
          {t(hook ? 'testHook.again' : 'testHook.begin')}
        </Button>
        {brought !== undefined && (
          <Button size="small" onClick={keep}>
            {t('testHook.keep')}
          </Button>
        )}
      </div>
    </section>
  );
}
