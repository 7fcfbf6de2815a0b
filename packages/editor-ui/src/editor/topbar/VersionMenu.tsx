import Button from 'antd/es/button';
import Input from 'antd/es/input';
import Popover from 'antd/es/popover';
import { ChevronDown } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useActivate, useActivation } from '../../api/activation.ts';
import { client } from '../../api/client.ts';
import { useCreateVersion, useVersions } from '../../api/workflows.ts';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import type { EditorState } from '../store/editor-store.ts';
import { useServices } from '../store/services.ts';
import { useEditor, useEditorStore } from '../store/use-editor.ts';
import { ActiveTriggers } from './ActiveTriggers.tsx';
import styles from './VersionMenu.module.css';

const idOf = (state: EditorState) => state.workflowId;
const hasTrigger = ({ graph, catalogue }: EditorState) =>
  graph.nodes.some(({ type, version }) => catalogue.describe(type, version)?.trigger !== undefined);

/** The versions of the workflow: make one of the draft, bring one back into it, or let one start runs by itself. */
export function VersionMenu() {
  const { t } = useTranslation('editor');
  const versions = useVersions(useEditor(idOf));
  const newest = versions.data?.[0]?.version;
  const shown = newest === undefined ? t('version.draft') : `v${newest}`;
  return (
    <Popover trigger="click" placement="bottomRight" destroyOnHidden content={<VersionList />}>
      <Button type="text" aria-label={`${t('version.menu')}: ${shown}`}>
        {shown} <ChevronDown size={13} aria-hidden />
      </Button>
    </Popover>
  );
}

function VersionList() {
  const { t } = useTranslation('editor');
  const store = useEditorStore();
  const { autosave } = useServices();
  const id = useEditor(idOf);
  const versions = useVersions(id);
  const create = useCreateVersion(id);
  const canListen = useEditor(hasTrigger);
  const activation = useActivation(id, { enabled: canListen }).data ?? null;
  const activate = useActivate(id);
  const [label, setLabel] = useState('');
  const make = async () => {
    if (!(await autosave.flush())) return store.getState().tellTrouble({ title: t('trouble.unsaved'), error: null });
    create.mutate(label.trim() === '' ? undefined : label.trim(), { onSuccess: () => setLabel('') });
  };
  const restore = async (version: number) => {
    try {
      const { graph } = await client.call('getVersion', { params: { id, version } });
      store.getState().change(() => graph);
    } catch (error) {
      store.getState().tellTrouble({ title: t('trouble.version'), error });
    }
  };
  return (
    <div className={styles.menu}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void make();
        }}
      >
        <Input
          aria-label={t('version.label')}
          placeholder={t('version.label')}
          maxLength={200}
          value={label}
          onChange={(event) => setLabel(event.target.value)}
        />
        <Button htmlType="submit" loading={create.isPending}>
          {t('version.make')}
        </Button>
      </form>
      {create.error && <ErrorNotice title={t('trouble.version')} error={create.error} />}
      {activate.error && <ErrorNotice title={t('trouble.activation')} error={activate.error} />}
      {versions.data?.length === 0 && <p className={styles.none}>{t('version.none')}</p>}
      <ul>
        {versions.data?.map((entry) => (
          <li key={entry.version}>
            <b>v{entry.version}</b>
            <span>
              {entry.label ?? t('version.unnamed')}
              <small>
                <RelativeTime at={entry.createdAt} />
              </small>
            </span>
            {canListen && (
              <Button
                size="small"
                type="text"
                aria-pressed={activation?.version === entry.version}
                onClick={() => activate.mutate(activation?.version === entry.version ? null : entry.version)}
              >
                {t(activation?.version === entry.version ? 'version.stop' : 'version.activate')}
              </Button>
            )}
            <Button size="small" type="text" onClick={() => void restore(entry.version)}>
              {t('version.restore')}
            </Button>
          </li>
        ))}
      </ul>
      {activation && <ActiveTriggers triggers={activation.triggers} />}
    </div>
  );
}
