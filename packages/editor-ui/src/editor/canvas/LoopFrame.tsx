import { type NodeProps, NodeResizeControl, ResizeControlVariant } from '@xyflow/react';
import { type CSSProperties, memo } from 'react';
import { useTranslation } from 'react-i18next';
import { useShallow } from 'zustand/react/shallow';
import { NodeIcon } from '../../components/NodeIcon.tsx';
import { SMALLEST_FRAME } from '../document/frames.ts';
import { stepShown } from '../run/iterations.ts';
import type { EditorState } from '../store/editor-store.ts';
import { useEditor } from '../store/use-editor.ts';
import { CardFoot } from './CardFoot.tsx';
import { CardMarks } from './CardMarks.tsx';
import { innerPortsOf, portsFromWires, portsOf, unknownPort } from './card-ports.ts';
import { FrameEmpty } from './FrameEmpty.tsx';
import { FrameIterations } from './FrameIterations.tsx';
import { FRAME_HANDLE, type FrameNode } from './flow-nodes.ts';
import { headlineOf } from './headline.ts';
import styles from './LoopFrame.module.css';
import { PortHandle } from './PortHandle.tsx';
import { StateMark } from './StateMark.tsx';
import { useNodeResize } from './use-node-resize.ts';
import { usePortsRedrawn } from './use-ports-redrawn.ts';

/** A frame this wide, in pixels, has room for everything in its title. */
const ROOMY_PX = 640;
const isEmptyFrame = ({ graph }: EditorState, id: string) => !graph.nodes.some((node) => node.parent === id);

/** A loop on the canvas: a frame with a title, its ports at the sides, those on its inside in rails, and the nodes that it runs. */
export const LoopFrame = memo(function LoopFrame({ id, data, selected }: NodeProps<FrameNode>) {
  const { t } = useTranslation('editor');
  const { node } = data;
  const description = useEditor((state) => state.catalogue.describe(node.type, node.version));
  const step = useEditor((state) => stepShown(state.run, node));
  const problems = useEditor((state) => state.problemsByNode.get(id));
  const empty = useEditor((state) => isEmptyFrame(state, id));
  const aimed = useEditor((state) => state.aim === id);
  const wired = useEditor(useShallow((state) => portsFromWires(state.graph, id).inputs));
  const wiredOut = useEditor(useShallow((state) => portsFromWires(state.graph, id).outputs));
  const resized = useNodeResize();
  usePortsRedrawn(id, description);

  const { inputs, outputs } = description
    ? portsOf(node, description)
    : { inputs: wired.map(unknownPort), outputs: wiredOut.map(unknownPort) };
  const inner = description ? innerPortsOf(description) : { gives: [], takes: [] };
  const failed = step?.state === 'failed';
  // Beside the iterations of a run there is no room for what the loop will do, but in a wide frame.
  const crowded = step !== undefined && (data.size?.width ?? 0) < ROOMY_PX;
  const classes = [
    styles.frame,
    selected && styles.selected,
    aimed && styles.aimed,
    node.disabled && styles.disabled,
    failed && styles.failed,
    !description && styles.placeholder,
  ];
  return (
    <div
      className={classes.filter(Boolean).join(' ')}
      style={{ '--group': `var(--group-${description?.group ?? 'flow'})` } as CSSProperties}
      data-state={step?.state}
    >
      <i className={styles.rail} data-side="left" />
      <i className={styles.rail} data-side="right" />
      {inputs.map((port, index) => (
        <PortHandle key={port.name} node={id} side="input" port={port} index={index} labelled={inputs.length > 1} />
      ))}
      <header className={`${styles.title} ${FRAME_HANDLE}`}>
        <span className={styles.icon}>
          <NodeIcon name={description?.icon ?? 'package-open'} size={16} />
        </span>
        <span className={styles.name} title={node.name}>
          {node.name}
        </span>
        <span className={styles.headline}>
          {description
            ? !crowded && headlineOf(description, node.params)
            : t('card.missing', { type: node.type, version: node.version })}
        </span>
        <CardMarks node={node} problems={failed ? undefined : problems} />
        <FrameIterations node={node} />
        {description && <CardFoot node={node} step={step} description={description} withMessage={false} />}
        {node.disabled ? <span className={styles.quiet}>{t('card.disabled')}</span> : step && <StateMark step={step} />}
      </header>
      {failed && step.error && <p className={styles.error}>{step.error.message}</p>}
      {inner.gives.map((port, index) => (
        <PortHandle key={port.name} node={id} side="output" port={port} index={index} labelled inner />
      ))}
      {inner.takes.map((port, index) => (
        <PortHandle key={port.name} node={id} side="input" port={port} index={index} labelled inner />
      ))}
      {empty && <FrameEmpty id={id} />}
      {outputs.map((port, index) => (
        <PortHandle key={port.name} node={id} side="output" port={port} index={index} labelled={outputs.length > 1} />
      ))}
      {(['right', 'bottom', 'bottom-right'] as const).map((position) => (
        <NodeResizeControl
          key={position}
          className={styles.grip as string}
          position={position}
          variant={position === 'bottom-right' ? ResizeControlVariant.Handle : ResizeControlVariant.Line}
          autoScale={false}
          minWidth={SMALLEST_FRAME.width}
          minHeight={SMALLEST_FRAME.height}
          onResizeEnd={() => resized(id)}
        />
      ))}
    </div>
  );
});
