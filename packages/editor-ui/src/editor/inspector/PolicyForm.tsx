import type { GraphNode, NodeDescription, NodePolicy } from '@imaginarium/protocol';
import InputNumber from 'antd/es/input-number';
import Select from 'antd/es/select';
import Switch from 'antd/es/switch';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { useShallow } from 'zustand/react/shallow';
import { setPolicy } from '../document/params.ts';
import { useEditor, useEditorStore } from '../store/use-editor.ts';
import styles from './Inspector.module.css';
import { RetryPauses } from './RetryPauses.tsx';

const DEFAULT_RETRY = { attempts: 1, backoffMs: 500, factor: 2, jitter: true };
const MOST_ATTEMPTS = 20;
const LONGEST_TIMEOUT_S = 2_592_000;

/**
 * What happens when a node fails, and whether it may answer from the cache. A loop is not tried again, stood in for or reused as a whole: what
 * an older graph says of that is shown until it is taken back.
 */
export function PolicyForm({ node, description }: { node: GraphNode; description: NodeDescription }) {
  const { t } = useTranslation('editor');
  const id = useId();
  const store = useEditorStore();
  const others = useEditor(
    useShallow((state) => state.graph.nodes.filter((entry) => entry.id !== node.id).map((entry) => entry.id)),
  );
  const policy = node.policy ?? {};
  const isLoop = description.body !== undefined;
  const retry = policy.retry ?? DEFAULT_RETRY;
  const change = (part: Partial<NodePolicy>) =>
    store.getState().change((graph) => setPolicy(graph, node.id, part), `policy ${node.id}`);
  const nameOf = (other: string) => store.getState().graph.nodes.find((entry) => entry.id === other)?.name ?? other;
  const onError =
    typeof policy.onError === 'object' ? `fallback ${policy.onError.fallback}` : (policy.onError ?? 'stop');
  return (
    <details className={styles.section}>
      <summary>{t('policy.title')}</summary>
      <div className={styles.policy}>
        {(!isLoop || retry.attempts > 1) && (
          <>
            <label htmlFor={`${id}-attempts`}>{t('policy.attempts')}</label>
            <InputNumber
              id={`${id}-attempts`}
              min={1}
              max={MOST_ATTEMPTS}
              precision={0}
              value={retry.attempts}
              onChange={(attempts) =>
                change({ retry: attempts === null || attempts === 1 ? undefined : { ...retry, attempts } })
              }
            />
          </>
        )}
        {retry.attempts > 1 && !isLoop && <RetryPauses retry={retry} onChange={(next) => change({ retry: next })} />}
        <label htmlFor={`${id}-timeout`}>{t(isLoop ? 'policy.timeoutOfIteration' : 'policy.timeout')}</label>
        <InputNumber
          id={`${id}-timeout`}
          min={1}
          max={LONGEST_TIMEOUT_S}
          suffix="s"
          placeholder={t('policy.noTimeout')}
          value={policy.timeoutMs === undefined ? null : policy.timeoutMs / 1000}
          onChange={(seconds) => change({ timeoutMs: seconds === null ? undefined : Math.round(seconds * 1000) })}
        />
        <label htmlFor={`${id}-error`}>{t(isLoop ? 'policy.onFailedIteration' : 'policy.onError')}</label>
        <Select
          id={`${id}-error`}
          value={onError}
          popupMatchSelectWidth={false}
          options={[
            { value: 'stop', label: t('policy.stop') },
            { value: 'skip-item', label: t(isLoop ? 'policy.skip-iteration' : 'policy.skip-item') },
            { value: 'error-port', label: t(isLoop ? 'policy.error-port-iteration' : 'policy.error-port') },
            ...others
              .filter((other) => !isLoop || onError === `fallback ${other}`)
              .map((other) => ({
                value: `fallback ${other}`,
                label: t('policy.fallback', { name: nameOf(other) }),
              })),
          ]}
          onChange={(next: string) => change({ onError: policyOf(next) })}
        />
        {description.effects === 'once' && (
          <>
            <label htmlFor={`${id}-unknown`}>{t('policy.repeatAfterCrash')}</label>
            <Switch
              id={`${id}-unknown`}
              size="small"
              checked={policy.onUnknownOutcome === 'retry'}
              onChange={(repeat) => change({ onUnknownOutcome: repeat ? 'retry' : undefined })}
            />
          </>
        )}
        {description.effects === 'pure' && !isLoop && (
          <>
            <label htmlFor={`${id}-cache`}>{t('policy.cache')}</label>
            <Switch
              id={`${id}-cache`}
              size="small"
              checked={policy.cache !== false}
              onChange={(cache) => change({ cache: cache ? undefined : false })}
            />
          </>
        )}
      </div>
    </details>
  );
}

function policyOf(choice: string): NodePolicy['onError'] {
  const [kind, fallback] = choice.split(' ');
  if (kind === 'fallback' && fallback) return { fallback };
  return kind === 'skip-item' || kind === 'error-port' ? kind : undefined;
}
