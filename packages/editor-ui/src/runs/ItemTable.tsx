import type { Item, Json } from '@imaginarium/protocol';
import { useTranslation } from 'react-i18next';
import styles from './ItemTable.module.css';

/** A page of a run is no spreadsheet: what is beyond this many rows is only counted. */
const SHOWN = 50;

/** The items of a port: value or file, and one column for each field that any of them carries. */
export function ItemTable({ port, items }: { port: string; items: readonly Item[] }) {
  const { t } = useTranslation('runs');
  const shown = items.slice(0, SHOWN);
  const fields = [...new Set(shown.flatMap(({ fields }) => Object.keys(fields)))];
  return (
    // A region that scrolls must be reachable by keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <section className={styles.frame} tabIndex={0} aria-label={t('items.table', { port })}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t('items.number')}</th>
            <th scope="col">{t('items.value')}</th>
            {fields.map((field) => (
              <th key={field} scope="col">
                {field}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((item, index) => (
            <tr key={item.id}>
              <td className={styles.number}>{index + 1}</td>
              <td>{item.file ? item.file.name : inWords(item.value)}</td>
              {fields.map((field) => (
                <td key={field}>{inWords(item.fields[field])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {items.length > SHOWN && <p className={styles.more}>{t('items.more', { count: items.length - SHOWN })}</p>}
    </section>
  );
}

function inWords(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
