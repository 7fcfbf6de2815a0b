import type { FileRef, Item } from '@imaginarium/protocol';
import Select from 'antd/es/select';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../api/client.ts';
import { Picture } from '../../components/Picture.tsx';
import type { EditorState } from '../store/editor-store.ts';
import { useEditor } from '../store/use-editor.ts';
import drawer from './Drawer.module.css';
import styles from './ItemsTab.module.css';
import { PinButton } from './PinButton.tsx';
import { useShownOutputs } from './use-shown-outputs.ts';

const graphOf = (state: EditorState) => state.graph;
const selectedOf = (state: EditorState) => state.selection.nodes[0];
/** A table longer than this says how much it leaves out. */
const MOST_ROWS = 500;

/** The items that left a node by one of its ports, as a table: value or file, and a column for each field. */
export function ItemsTab() {
  const { t } = useTranslation('editor');
  const outputs = useShownOutputs();
  const graph = useEditor(graphOf);
  const selected = useEditor(selectedOf);
  const [picked, setPicked] = useState<string>();
  const options = useMemo(() => {
    const names = new Map(graph.nodes.map((node) => [node.id, node.name]));
    return Object.entries(outputs ?? {}).flatMap(([node, ports]) =>
      Object.entries(ports).map(([port, items]) => ({
        value: `${node} ${port}`,
        label: `${names.get(node) ?? node} · ${port} (${items.length})`,
        items,
        node,
      })),
    );
  }, [graph, outputs]);
  const shown =
    options.find((option) => option.value === picked) ??
    options.find((option) => option.node === selected) ??
    options[0];
  if (!shown) return <p className={drawer.empty}>{t('items.none')}</p>;
  const columns = [...new Set(shown.items.flatMap((item) => Object.keys(item.fields)))];
  return (
    <div className={drawer.scroll}>
      <Select
        aria-label={t('items.port')}
        value={shown.value}
        options={options.map(({ value, label }) => ({ value, label }))}
        popupMatchSelectWidth={false}
        onChange={setPicked}
      />
      <PinButton node={shown.node} outputs={outputs?.[shown.node]} />
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">#</th>
            <th scope="col">{t('items.value')}</th>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.items.slice(0, MOST_ROWS).map((item, index) => (
            <tr key={item.id}>
              <td>{index + 1}</td>
              <td>{item.file ? <FileCell file={item.file} /> : <Cell value={item.value} />}</td>
              {columns.map((column) => (
                <td key={column}>
                  <Cell value={item.fields[column]} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {shown.items.length > MOST_ROWS && (
        <p className={styles.more}>{t('items.more', { count: shown.items.length - MOST_ROWS })}</p>
      )}
    </div>
  );
}

function FileCell({ file }: { file: FileRef }) {
  return (
    <a className={styles.file} href={client.fileUrl(file.id, { download: true, name: file.name })}>
      {file.kind === 'image' && (
        <span className={styles.thumbnail}>
          <Picture file={file} alt="" size={160} />
        </span>
      )}
      {file.name}
    </a>
  );
}

function Cell({ value }: { value: Item['value'] }) {
  if (value === undefined || value === null) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return (
    <span className={typeof value === 'object' ? styles.mono : undefined} title={text}>
      {text.length > 160 ? `${text.slice(0, 160)}…` : text}
    </span>
  );
}
