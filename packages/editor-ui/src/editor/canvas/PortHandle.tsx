import { elementType, isListType } from '@imaginarium/protocol';
import { Handle, Position } from '@xyflow/react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { portKey, type Side } from '../document/fitting-ports.ts';
import { FRAME_ROOM } from '../document/frames.ts';
import { useEditor } from '../store/use-editor.ts';
import { type CardPort, PORT_STEP_PX, PORT_TOP_PX } from './card-ports.ts';
import styles from './PortHandle.module.css';

interface PortHandleProps {
  node: string;
  side: Side;
  port: CardPort;
  /** Its place among the ports of its side, from 0. */
  index: number;
  /** Its side has others it could be mistaken for: its name is always shown. */
  labelled?: boolean;
  /** It lies on the inside of a frame: what leaves it goes right from the left border, and the other way round. */
  inner?: boolean;
}

/** A port at the side of a card: its type by colour and shape, its name on hover or beside it, larger while a wire that fits is drawn. */
export const PortHandle = memo(function PortHandle({
  node,
  side,
  port,
  index,
  labelled = false,
  inner = false,
}: PortHandleProps) {
  const { t } = useTranslation('editor');
  const key = portKey(node, side, port.name);
  const drawing = useEditor((state) => {
    if (!state.drawing) return 'idle';
    const { end, fits } = state.drawing;
    if (end.node === node && end.port === port.name && end.side === side) return 'origin';
    return fits.has(key) ? 'fits' : 'faded';
  });
  const focused = useEditor(
    ({ focusedPort: focus }) => focus?.node === node && focus.port === port.name && focus.side === side,
  );
  const word = t(`port.${elementType(port.type)}`);
  const classes = [styles.port, styles[side], styles[drawing], inner && styles.inner, focused && styles.focused];
  const look = [styles.mark, styles[elementType(port.type)], isListType(port.type) && styles.list];
  return (
    <Handle
      id={port.name}
      type={side === 'input' ? 'target' : 'source'}
      // Where the wire goes from here, which is the same inside of a frame, though the port is at its other side.
      position={side === 'input' ? Position.Left : Position.Right}
      className={classes.filter(Boolean).join(' ')}
      style={{ top: (inner ? FRAME_ROOM.top : 0) + PORT_TOP_PX + index * PORT_STEP_PX }}
      data-port={key}
    >
      <span className={look.filter(Boolean).join(' ')} />
      {labelled && (
        <span className={styles.label} aria-hidden>
          {port.title}
        </span>
      )}
      <span className={styles.name}>
        {port.title}
        {word !== port.title.toLowerCase() && <em>{word}</em>}
      </span>
    </Handle>
  );
});
