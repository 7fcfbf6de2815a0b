import { LOG_LEVELS, type LogLevel } from '@imaginarium/protocol';
import Segmented from 'antd/es/segmented';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LogLine } from '../run/run-view.ts';
import type { EditorState } from '../store/editor-store.ts';
import { useEditor, useEditorStore } from '../store/use-editor.ts';
import drawer from './Drawer.module.css';
import styles from './LogTab.module.css';

const logsOf = (state: EditorState) => state.run?.logs;
const NO_LINES: readonly LogLine[] = [];
const clock = new Intl.DateTimeFormat('en', { timeStyle: 'medium', hourCycle: 'h23' });

/** What the nodes of a run said, live; from a level upwards. Stays at its end until somebody scrolls away from it. */
export function LogTab() {
  const { t } = useTranslation('editor');
  const store = useEditorStore();
  const lines = useEditor(logsOf) ?? NO_LINES;
  const [level, setLevel] = useState<LogLevel>('info');
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const shown = lines.filter((line) => LOG_LEVELS.indexOf(line.level) >= LOG_LEVELS.indexOf(level));
  const count = shown.length;
  useEffect(() => {
    if (count > 0 && atEnd.current && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [count]);
  const nameOf = (id: string | null) =>
    id === null ? '' : (store.getState().graph.nodes.find((node) => node.id === id)?.name ?? id);
  return (
    <div className={styles.log}>
      <div className={styles.filter}>
        <Segmented
          size="small"
          aria-label={t('log.level')}
          value={level}
          options={LOG_LEVELS.map((value) => ({ value, label: t(`log.${value}`) }))}
          onChange={(value) => setLevel(value)}
        />
      </div>
      <div
        ref={box}
        role="log"
        aria-label={t('drawer.log')}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard.
        tabIndex={0}
        className={styles.lines}
        onScroll={({ currentTarget: it }) => {
          atEnd.current = it.scrollHeight - it.scrollTop - it.clientHeight < 24;
        }}
      >
        {shown.map((line) => (
          <p key={line.seq} data-level={line.level}>
            <time dateTime={line.at}>{clock.format(Date.parse(line.at))}</time>
            <b>{line.level}</b>
            <span>{nameOf(line.node)}</span>
            {line.message}
          </p>
        ))}
        {count === 0 && <p className={drawer.empty}>{t('log.none')}</p>}
      </div>
    </div>
  );
}
