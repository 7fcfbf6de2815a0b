import Input from 'antd/es/input';
import { Search } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { EditorState } from '../store/editor-store.ts';
import { useEditor } from '../store/use-editor.ts';
import styles from './Palette.module.css';
import { PaletteEntry } from './PaletteEntry.tsx';
import { groupTypes, newestTypes, searchTypes } from './search-types.ts';
import { useAddNode } from './use-add-node.ts';

const typesOf = (state: EditorState) => state.types;

/** The node types that can be added, by group; drag one onto the canvas, or add it by double-click or Enter. */
export function Palette() {
  const { t } = useTranslation('editor');
  const types = useEditor(typesOf);
  const add = useAddNode();
  const [query, setQuery] = useState('');
  const found = useMemo(() => searchTypes(newestTypes(types), query), [types, query]);
  const [best] = found;
  return (
    <aside className={styles.palette} aria-label={t('palette.label')} data-region="palette">
      <div className={styles.search}>
        <Input
          allowClear
          prefix={<Search size={14} aria-hidden />}
          placeholder={t('palette.search')}
          aria-label={t('palette.search')}
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          onPressEnter={() => best && query !== '' && add(best)}
        />
      </div>
      <div className={styles.groups}>
        {groupTypes(found).map(({ group, types: inGroup }) => (
          <section key={group} aria-labelledby={`palette-${group}`}>
            <h2 id={`palette-${group}`}>{t(`group.${group}`)}</h2>
            <ul>
              {inGroup.map((entry) => (
                <li key={entry.type}>
                  <PaletteEntry description={entry} onAdd={add} />
                </li>
              ))}
            </ul>
          </section>
        ))}
        {found.length === 0 && (
          <p className={styles.nothing}>
            {types.length === 0 ? t('palette.noTypes') : t('palette.nothing', { query })}
          </p>
        )}
      </div>
    </aside>
  );
}
