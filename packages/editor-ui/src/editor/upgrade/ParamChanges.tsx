import type { GraphNode, Json, NodeCatalogue } from '@imaginarium/protocol';
import { useTranslation } from 'react-i18next';
import { type NodeUpgrade, paramChanges } from '../document/upgrade.ts';
import styles from './Upgrade.module.css';

/** The params that an upgrade changes, before and after. */
export function ParamChanges({
  node,
  upgrade,
  catalogue,
}: {
  node: GraphNode;
  upgrade: NodeUpgrade;
  catalogue: NodeCatalogue;
}) {
  const { t } = useTranslation('editor');
  const changes = paramChanges(node.params, upgrade.params);
  const titleOf = (key: string) =>
    catalogue.describe(node.type, upgrade.version)?.params[key]?.title ??
    catalogue.describe(node.type, node.version)?.params[key]?.title ??
    key;
  if (changes.length === 0) return <p className={styles.same}>{t('upgrade.same')}</p>;
  return (
    <table className={styles.changes}>
      <thead>
        <tr>
          <th scope="col">{t('upgrade.param')}</th>
          <th scope="col">{t('upgrade.before')}</th>
          <th scope="col">{t('upgrade.after')}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map(({ key, before, after }) => (
          <tr key={key}>
            <th scope="row">{titleOf(key)}</th>
            <td>{before === undefined ? <i>{t('upgrade.unset')}</i> : inWords(before)}</td>
            <td>{after === undefined ? <i>{t('upgrade.unset')}</i> : inWords(after)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function inWords(value: Json): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}
