import { useNewestType } from '../api/node-types.ts';
import styles from './PricesScreen.module.css';

/** What a node type is called, as far as it is installed here, and its type. */
export function NodeTypeName({ type }: { type: string }) {
  const title = useTypeTitle(type);
  return (
    <span className={styles.name}>
      {title !== type && <span>{title}</span>}
      <code>{type}</code>
    </span>
  );
}

/** The title of a node type; the type itself where it is not installed. */
export function useTypeTitle(type: string): string {
  return useNewestType(type)?.title ?? type;
}
