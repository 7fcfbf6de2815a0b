import type { Item } from '@imaginarium/protocol';
import styles from './NodeResultView.module.css';

/** More than this is better read in the table of items. */
const SHOWN = 20;

/** Texts, numbers and other data that a node gave. */
export function ValueList({ values }: { values: readonly { port: string; item: Item }[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard.
    <ul className={styles.list} tabIndex={0}>
      {values.slice(0, SHOWN).map(({ port, item }) => (
        <li key={`${port} ${item.id}`} className={styles.value}>
          {typeof item.value === 'string' ? item.value : JSON.stringify(item.value, null, 2)}
        </li>
      ))}
    </ul>
  );
}
