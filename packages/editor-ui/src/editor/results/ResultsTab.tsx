import { isTerminal, type RunState } from '@imaginarium/protocol';
import { FileText, TextQuote } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Picture } from '../../components/Picture.tsx';
import { firstResult, type NodeResult, resultsOf } from '../run/results.ts';
import type { EditorState } from '../store/editor-store.ts';
import { useEditor } from '../store/use-editor.ts';
import drawer from './Drawer.module.css';
import { NodeResultView } from './NodeResultView.tsx';
import styles from './ResultsTab.module.css';
import { useShownOutputs } from './use-shown-outputs.ts';

const graphOf = (state: EditorState) => state.graph;
const runIdOf = (state: EditorState) => state.run?.run.id;
const stateOf = (state: EditorState) => state.run?.run.state;
const selectedOf = (state: EditorState) => state.selection.nodes[0];
const NO_OUTPUTS = {};

/** What the shown run gave, node by node, the last one first. */
export function ResultsTab() {
  const { t } = useTranslation('editor');
  const graph = useEditor(graphOf);
  const outputs = useShownOutputs() ?? NO_OUTPUTS;
  const runId = useEditor(runIdOf);
  const state = useEditor(stateOf);
  const results = useMemo(() => resultsOf(graph, outputs), [graph, outputs]);
  // What was picked holds for its run only: the next one shows its own best result first.
  const [picked, setPicked] = useState<{ run: string | undefined; node: string }>();
  const selected = useEditor(selectedOf);
  const [seen, setSeen] = useState(selected);
  // A node that is selected on the canvas while results are shown shows its own.
  if (selected !== seen) {
    setSeen(selected);
    if (selected !== undefined) setPicked({ run: runId, node: selected });
  }
  const pickedNode = picked?.run === runId ? picked?.node : undefined;
  const shown = results.find((result) => result.node === pickedNode) ?? firstResult(results);
  if (!shown)
    return (
      <p className={drawer.empty} role="status">
        {t(emptyText(state))}
      </p>
    );
  return (
    <div className={styles.results}>
      <ul className={styles.rail} aria-label={t('results.nodes')}>
        {results.map((result) => (
          <li key={result.node}>
            <button
              type="button"
              aria-current={result.node === shown.node}
              onClick={() => setPicked({ run: runId, node: result.node })}
            >
              <span className={styles.thumbnail}>
                {result.images[0] ? (
                  <Picture file={result.images[0].file} alt="" size={160} />
                ) : result.files.length > 0 ? (
                  <FileText size={18} aria-hidden />
                ) : (
                  <TextQuote size={18} aria-hidden />
                )}
              </span>
              <span className={styles.words}>
                {result.name}
                <small>{summaryOf(result, t)}</small>
              </span>
            </button>
          </li>
        ))}
      </ul>
      <NodeResultView key={shown.node} result={shown} />
    </div>
  );
}

/** What stands where there are no results yet. */
function emptyText(state: RunState | undefined) {
  if (state === undefined) return 'results.before';
  if (state === 'queued') return 'results.queued';
  return isTerminal(state) ? 'results.none' : 'results.working';
}

function summaryOf(result: NodeResult, t: ReturnType<typeof useTranslation<'editor'>>['t']): string {
  const { images, files, values } = result;
  const parts = [
    images.length > 0 && t('results.pictures', { count: images.length }),
    files.length > 0 && t('results.files', { count: files.length }),
    values.length > 0 && t('results.values', { count: values.length }),
  ];
  return parts.filter(Boolean).join(', ');
}
