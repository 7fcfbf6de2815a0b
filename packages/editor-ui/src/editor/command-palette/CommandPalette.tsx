import { SquareTerminal, Workflow } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NodeIcon } from '../../components/NodeIcon.tsx';
import { Keys } from '../keys/Keys.tsx';
import list from '../palette/QuickAdd.module.css';
import { useChoiceKeys } from '../palette/use-choice-keys.ts';
import { useEditorStore } from '../store/use-editor.ts';
import styles from './CommandPalette.module.css';
import { searchEntries } from './search-entries.ts';
import { type PaletteAction, useEntries } from './use-entries.ts';

/** Does by a few letters what the editor can: its commands, going to a node, adding one, opening another workflow. */
export function CommandPalette() {
  const { t } = useTranslation('editor');
  const store = useEditorStore();
  const entries = useEntries();
  const [query, setQuery] = useState('');
  // Where the keyboard was, and goes back to when nothing is picked.
  const before = useRef(document.activeElement as HTMLElement | null);
  const found = useMemo(() => searchEntries(entries, query), [entries, query]);
  const close = () => {
    store.getState().setCommandsOpen(false);
    before.current?.focus({ preventScroll: true });
  };
  const pick = (entry: PaletteAction | undefined) => {
    close();
    entry?.does();
  };
  const { active, setAt, onKeyDown } = useChoiceKeys(found.length, { pick: (index) => pick(found[index]), close });
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a click beside the list closes it; Escape does the same. */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: Escape does the same from anywhere in the list. */}
      <div className={`${list.beside} ${styles.beside}`} onClick={close} />
      <div className={`${list.box} ${styles.box}`} role="dialog" aria-label={t('commands.label')} onKeyDown={onKeyDown}>
        <input
          // biome-ignore lint/a11y/noAutofocus: the palette opened because a person asked for it, to type into it.
          autoFocus
          role="combobox"
          aria-expanded
          aria-controls="commands"
          aria-activedescendant={active >= 0 ? `command-${active}` : undefined}
          aria-label={t('commands.search')}
          placeholder={t('commands.search')}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setAt(0);
          }}
        />
        <div id="commands" role="listbox" aria-label={t('commands.label')} className={list.list}>
          {found.map((entry, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys go to the search field, which names the active option.
            // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the search field.
            <div
              key={entry.key}
              id={`command-${index}`}
              role="option"
              aria-selected={index === active}
              ref={(element) => {
                if (index === active) element?.scrollIntoView({ block: 'nearest' });
              }}
              className={`${list.choice} ${index === active ? list.active : ''}`}
              onPointerMove={() => setAt(index)}
              onClick={() => pick(entry)}
            >
              <Entry entry={entry} />
            </div>
          ))}
          {found.length === 0 && <p className={list.nothing}>{t('commands.nothing')}</p>}
        </div>
      </div>
    </>
  );
}

function Entry({ entry }: { entry: PaletteAction }) {
  const { t } = useTranslation('editor');
  const { kind, icon, title, detail, keys } = entry;
  return (
    <>
      <span className={list.icon} style={{ color: icon ? `var(--group-${icon.group})` : 'var(--text-secondary)' }}>
        {kind === 'command' ? (
          <SquareTerminal size={16} aria-hidden />
        ) : kind === 'workflow' ? (
          <Workflow size={16} aria-hidden />
        ) : (
          <NodeIcon name={icon?.name ?? ''} />
        )}
      </span>
      <span className={list.words}>
        {title}
        {detail && <small>{detail}</small>}
      </span>
      <span className={styles.hint}>
        {keys ? (
          <Keys keys={keys} />
        ) : kind === 'node' ? (
          t('commands.goTo')
        ) : kind === 'type' ? (
          t('commands.addNode')
        ) : kind === 'workflow' ? (
          t('commands.open')
        ) : null}
      </span>
    </>
  );
}
