import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NodeIcon } from '../../components/NodeIcon.tsx';
import { UnitPrice } from '../../components/UnitPrice.tsx';
import type { EditorState } from '../store/editor-store.ts';
import { useEditor, useEditorStore } from '../store/use-editor.ts';
import styles from './QuickAdd.module.css';
import { type QuickChoice, quickChoices } from './quick-choices.ts';
import { useChoiceKeys } from './use-choice-keys.ts';
import { useQuickPick } from './use-quick-pick.ts';

const quickAddOf = (state: EditorState) => state.quickAdd;
const HEIGHT_PX = 380;

/** The palette at the pointer: search, arrows, Enter. A wire that waits is drawn to what is picked, and only what fits is listed. */
export function QuickAdd() {
  const quickAdd = useEditor(quickAddOf);
  return quickAdd && <QuickAddList key={`${quickAdd.at.x} ${quickAdd.at.y}`} quickAdd={quickAdd} />;
}

function QuickAddList({ quickAdd }: { quickAdd: NonNullable<EditorState['quickAdd']> }) {
  const { t } = useTranslation('editor');
  const store = useEditorStore();
  const pick = useQuickPick(quickAdd);
  const [query, setQuery] = useState('');
  useEffect(
    () => () => document.querySelector<HTMLElement>('[data-region="canvas"]')?.focus({ preventScroll: true }),
    [],
  );
  const choices = useMemo(() => quickChoices(store.getState(), quickAdd, query), [store, quickAdd, query]);
  const close = () => store.getState().openQuickAdd(null);
  const { active, setAt, onKeyDown } = useChoiceKeys(choices.length, {
    pick: (index) => {
      const chosen = choices[index];
      if (chosen) pick(chosen);
    },
    close,
  });
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a click beside the list closes it; Escape does the same. */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: Escape does the same from anywhere in the list. */}
      <div className={styles.beside} onClick={close} />
      <div
        className={styles.box}
        role="dialog"
        aria-label={quickAdd.from ? t('quickAdd.wireTo') : t('quickAdd.label')}
        style={{
          left: Math.max(8, Math.min(quickAdd.at.x, window.innerWidth - 330)),
          top: Math.max(8, Math.min(quickAdd.at.y, window.innerHeight - HEIGHT_PX)),
        }}
        onKeyDown={onKeyDown}
      >
        <input
          // biome-ignore lint/a11y/noAutofocus: the list opened because a person asked for it, to type into it.
          autoFocus
          role="combobox"
          aria-expanded
          aria-controls="quick-add"
          aria-activedescendant={choices[active] && `quick-${active}`}
          aria-label={t('palette.search')}
          placeholder={quickAdd.from ? t('quickAdd.wireTo') : t('palette.search')}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setAt(0);
          }}
        />
        <div id="quick-add" role="listbox" aria-label={t('quickAdd.label')} className={styles.list}>
          {choices.map((choice, index) => (
            <Choice
              key={choice.key}
              choice={choice}
              index={index}
              active={index === active}
              onPoint={() => setAt(index)}
              onPick={() => pick(choice)}
            />
          ))}
          {choices.length === 0 && <p className={styles.nothing}>{t('quickAdd.nothing')}</p>}
        </div>
      </div>
    </>
  );
}

interface ChoiceProps {
  choice: QuickChoice;
  index: number;
  active: boolean;
  onPoint: () => void;
  onPick: () => void;
}

function Choice({ choice, index, active, onPoint, onPick }: ChoiceProps) {
  const { t } = useTranslation('editor');
  const { description } = choice;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys go to the search field, which names the active option.
    // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the search field.
    <div
      id={`quick-${index}`}
      role="option"
      aria-selected={active}
      ref={(element) => {
        if (active) element?.scrollIntoView({ block: 'nearest' });
      }}
      className={`${styles.choice} ${active ? styles.active : ''}`}
      onPointerMove={onPoint}
      onClick={onPick}
    >
      <span className={styles.icon} style={{ color: `var(--group-${description.group})` }}>
        <NodeIcon name={description.icon} />
      </span>
      <span className={styles.words}>
        {choice.kind === 'port' ? t('quickAdd.port', { node: choice.name, port: choice.port }) : description.title}
        <small>{choice.kind === 'port' ? t('quickAdd.there') : description.summary}</small>
      </span>
      {choice.kind === 'type' && (
        <span className={styles.price}>
          <UnitPrice description={description} brief />
        </span>
      )}
    </div>
  );
}
