import '@xyflow/react/dist/style.css';
import {
  Background,
  BackgroundVariant,
  ConnectionLineType,
  MiniMap,
  ReactFlow,
  type ReactFlowState,
  SelectionMode,
  useStore,
} from '@xyflow/react';
import { useTranslation } from 'react-i18next';
import { useReducedMotion } from '../../app/use-reduced-motion.ts';
import type { EditorState } from '../store/editor-store.ts';
import { useEditor, useEditorStore } from '../store/use-editor.ts';
import styles from './Canvas.module.css';
import { CanvasControls } from './CanvasControls.tsx';
import { CanvasEmpty } from './CanvasEmpty.tsx';
import { LoopFrame } from './LoopFrame.tsx';
import { NodeCard } from './NodeCard.tsx';
import { NodeMenu } from './NodeMenu.tsx';
import { NoteCard } from './NoteCard.tsx';
import { useCanvasDrop } from './use-canvas-drop.ts';
import { useFlowEdges } from './use-flow-edges.ts';
import { useFlowNodes } from './use-flow-nodes.ts';
import { useKeepCentred } from './use-keep-centred.ts';
import { useNodeDrag } from './use-node-drag.ts';
import { useNodeMenu } from './use-node-menu.ts';
import { NodeResize } from './use-node-resize.ts';
import { useQuickAdd } from './use-quick-add.ts';
import { useWiring } from './use-wiring.ts';
import { Wire } from './Wire.tsx';

const nodeTypes = { card: NodeCard, frame: LoopFrame, note: NoteCard };
const edgeTypes = { wire: Wire };
const SNAP: [number, number] = [8, 8];
const FIT = { padding: 0.12, maxZoom: 1 };
const MINIMAP = { width: 144, height: 96 };
/** Above this many cards only those in sight are drawn. */
const MANY_NODES = 120;
/** Below this zoom words on cards cannot be read: drawing them would only cost frames. */
const FAR_ZOOM = 0.3;
/** Frames and notes are drawn as outlines in the overview, so that what stands in them is seen. */
const miniColour = ({ type }: { type?: string }) => (type === 'card' ? 'var(--hairline-strong)' : 'transparent');
const isFar = (state: ReactFlowState) => state.transform[2] < FAR_ZOOM;
const nodeCountOf = (state: EditorState) => state.graph.nodes.length;

/** The graph, drawn. */
export function Canvas() {
  const { t } = useTranslation('editor');
  const store = useEditorStore();
  const reducedMotion = useReducedMotion();
  const nodeCount = useEditor(nodeCountOf);
  const { nodes, onNodesChange, settle, shift, onResized } = useFlowNodes();
  const dragging = useNodeDrag(settle, shift);
  const { edges, onEdgesChange } = useFlowEdges();
  const wiring = useWiring();
  const menu = useNodeMenu();
  const { dropping, ...drop } = useCanvasDrop();
  const openQuickAdd = useQuickAdd();
  const far = useStore(isFar);
  const box = useKeepCentred<HTMLElement>();
  return (
    <section
      ref={box}
      className={styles.canvas}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the keys of the canvas need a place for the focus; F6 leads on from it.
      tabIndex={0}
      aria-label={t('canvas.label')}
      data-region="canvas"
      data-dropping={dropping}
      data-far={far}
      onPointerDownCapture={({ currentTarget, target }) => {
        // Panning and selecting swallow the click that would bring the focus here.
        if ((target as Element).classList.contains('react-flow__pane')) currentTarget.focus({ preventScroll: true });
      }}
      onDoubleClick={(event) => {
        if ((event.target as Element).classList.contains('react-flow__pane'))
          openQuickAdd({ x: event.clientX, y: event.clientY });
      }}
      {...drop}
    >
      <NodeResize value={onResized}>
        <ReactFlow
          nodes={nodes}
          edges={edges}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          onNodesChange={onNodesChange}
          onEdgesChange={onEdgesChange}
          {...dragging}
          {...menu}
          onPaneClick={() => store.getState().focusPort(null)}
          {...wiring}
          connectionLineType={ConnectionLineType.SmoothStep}
          connectionRadius={28}
          connectOnClick={false}
          deleteKeyCode={null}
          disableKeyboardA11y
          panActivationKeyCode="Space"
          panOnScroll
          panOnDrag={[1]}
          selectionOnDrag
          selectionMode={SelectionMode.Partial}
          multiSelectionKeyCode={['Meta', 'Control', 'Shift']}
          zoomOnDoubleClick={false}
          snapToGrid
          snapGrid={SNAP}
          minZoom={0.1}
          maxZoom={2}
          fitView
          fitViewOptions={FIT}
          onlyRenderVisibleElements={nodeCount > MANY_NODES}
          proOptions={{ hideAttribution: true }}
          colorMode="light"
        >
          {!far && <Background variant={BackgroundVariant.Dots} gap={24} size={1.5} color="var(--canvas-dots)" />}
          {nodeCount > 0 && (
            <MiniMap
              pannable
              zoomable
              ariaLabel={t('canvas.minimap')}
              className={styles.minimap}
              style={MINIMAP}
              nodeBorderRadius={24}
              nodeColor={miniColour}
              nodeStrokeColor="var(--hairline-strong)"
              nodeStrokeWidth={6}
              maskColor="var(--minimap-mask)"
              bgColor="var(--surface)"
            />
          )}
          <CanvasControls animate={!reducedMotion} />
        </ReactFlow>
      </NodeResize>
      {nodeCount === 0 && <CanvasEmpty />}
      <NodeMenu />
      {dropping === 'files' && <p className={styles.dropHint}>{t('drop.hint')}</p>}
    </section>
  );
}
