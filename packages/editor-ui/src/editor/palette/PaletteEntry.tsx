import type { NodeDescription } from '@imaginarium/protocol';
import Tooltip from 'antd/es/tooltip';
import { NodeIcon } from '../../components/NodeIcon.tsx';
import { UnitPrice } from '../../components/UnitPrice.tsx';
import { startNodeDrag } from './node-drag.ts';
import styles from './Palette.module.css';

interface PaletteEntryProps {
  description: NodeDescription;
  onAdd: (description: NodeDescription) => void;
}

/** One node type of the palette: its icon, its name, what it costs. */
export function PaletteEntry({ description, onAdd }: PaletteEntryProps) {
  return (
    <Tooltip title={description.summary} placement="right" mouseEnterDelay={0.5}>
      <button
        type="button"
        draggable
        className={styles.entry}
        onDragStart={(event) => startNodeDrag(event.dataTransfer, description)}
        onDoubleClick={() => onAdd(description)}
        // A click without a pointer is Enter or Space; a single click of the mouse only gives the focus.
        onClick={(event) => event.detail === 0 && onAdd(description)}
      >
        <span className={styles.icon} style={{ color: `var(--group-${description.group})` }}>
          <NodeIcon name={description.icon} />
        </span>
        <span className={styles.words}>
          <span className={styles.title}>{description.title}</span>
          <span className={styles.price}>
            <UnitPrice description={description} brief />
          </span>
        </span>
      </button>
    </Tooltip>
  );
}
