import { elementType } from '@imaginarium/protocol';
import { BaseEdge, EdgeLabelRenderer, type EdgeProps, getSmoothStepPath } from '@xyflow/react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { stepShown } from '../run/iterations.ts';
import { useEditor } from '../store/use-editor.ts';
import type { WireEdge } from './use-flow-edges.ts';
import styles from './Wire.module.css';

/** A wire in the colour of what travels on it. Its dashes move while data does; after a run it tells how many items went through. */
export const Wire = memo(function Wire(props: EdgeProps<WireEdge>) {
  const { t } = useTranslation('editor');
  const { source, sourceHandleId, target, data, selected } = props;
  const from = { id: source, parent: data?.fromParent };
  const to = { id: target, parent: data?.toParent };
  const count = useEditor((state) => stepShown(state.run, from)?.items[sourceHandleId ?? '']);
  const active = useEditor((state) => stepShown(state.run, to)?.state === 'running');
  const type = elementType(data?.type ?? 'any');
  const [path, labelX, labelY] = getSmoothStepPath({ ...props, borderRadius: 16, offset: 24 });
  const classes = [styles.wire, selected && styles.selected, active && styles.active];
  return (
    <>
      <BaseEdge
        path={path}
        interactionWidth={20}
        className={classes.filter(Boolean).join(' ')}
        style={{ '--wire': `var(--port-${type})` } as React.CSSProperties}
      />
      {count !== undefined && (
        <EdgeLabelRenderer>
          <span
            className={styles.count}
            style={{ transform: `translate(-50%, -50%) translate(${labelX}px, ${labelY}px)` }}
            title={t('wire.items', { count })}
          >
            {count}
          </span>
        </EdgeLabelRenderer>
      )}
    </>
  );
});
