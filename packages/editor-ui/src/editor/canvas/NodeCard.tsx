import type { NodeProps } from '@xyflow/react';
import { type CSSProperties, memo } from 'react';
import { useTranslation } from 'react-i18next';
import { NodeIcon } from '../../components/NodeIcon.tsx';
import { stepShown } from '../run/iterations.ts';
import { useEditor } from '../store/use-editor.ts';
import { CardFoot } from './CardFoot.tsx';
import { CardIterations } from './CardIterations.tsx';
import { CardMarks } from './CardMarks.tsx';
import { CardPicture } from './CardPicture.tsx';
import { CardWait } from './CardWait.tsx';
import { PORT_STEP_PX, PORT_TOP_PX, portsOf } from './card-ports.ts';
import type { CardNode } from './flow-nodes.ts';
import { headlineOf } from './headline.ts';
import styles from './NodeCard.module.css';
import { PlaceholderCard } from './PlaceholderCard.tsx';
import { PortHandle } from './PortHandle.tsx';
import { StateMark } from './StateMark.tsx';
import { usePortsRedrawn } from './use-ports-redrawn.ts';

/** A node on the canvas. It follows its own step and problems only, so that 500 of them stay quick. */
export const NodeCard = memo(function NodeCard({ id, data, selected }: NodeProps<CardNode>) {
  const { t } = useTranslation('editor');
  const { node } = data;
  const description = useEditor((state) => state.catalogue.describe(node.type, node.version));
  const step = useEditor((state) => stepShown(state.run, node));
  const problems = useEditor((state) => state.problemsByNode.get(id));
  usePortsRedrawn(id, description);
  if (!description) return <PlaceholderCard node={node} selected={selected} />;

  const { inputs, outputs } = portsOf(node, description);
  const rows = Math.max(inputs.length, outputs.length);
  const failed = step?.state === 'failed';
  const classes = [
    styles.card,
    selected && styles.selected,
    node.disabled && styles.disabled,
    failed && styles.failed,
    (step?.state === 'skipped' || step?.state === 'cancelled') && styles.skipped,
  ];
  return (
    <div
      className={classes.filter(Boolean).join(' ')}
      style={
        {
          '--group': `var(--group-${description.group})`,
          minHeight: 2 * PORT_TOP_PX + (rows - 1) * PORT_STEP_PX,
        } as CSSProperties
      }
      data-state={step?.state}
    >
      {inputs.map((port, index) => (
        <PortHandle key={port.name} node={id} side="input" port={port} index={index} labelled={inputs.length > 1} />
      ))}
      <header className={styles.head}>
        <span className={`${styles.icon} ${styles.tinted}`}>
          <NodeIcon name={description.icon} size={16} />
        </span>
        <span className={styles.name} title={node.name}>
          {node.name}
        </span>
        <CardMarks node={node} problems={failed ? undefined : problems} />
        {node.parent && <CardIterations node={node} />}
        {node.disabled ? <span className={styles.off}>{t('card.disabled')}</span> : step && <StateMark step={step} />}
      </header>
      <p className={styles.headline}>{headlineOf(description, node.params) || description.summary}</p>
      <CardPicture node={node} description={description} step={step} />
      {step?.state === 'waiting' && step.waiting && <CardWait waiting={step.waiting} />}
      {failed && step.error && (
        <div className={styles.error}>
          <p>{step.error.message}</p>
          {step.error.remedy && <p className={styles.remedy}>{step.error.remedy}</p>}
        </div>
      )}
      <CardFoot node={node} step={step} description={description} />
      {outputs.map((port, index) => (
        <PortHandle key={port.name} node={id} side="output" port={port} index={index} labelled={outputs.length > 1} />
      ))}
    </div>
  );
});
