import { type GraphNode, type NodeDescription, timeLeft } from '@imaginarium/protocol';
import type { TFunction } from 'i18next';
import { Info, Zap } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { formatDuration } from '../../components/format.ts';
import type { StepView } from '../run/step-view.ts';
import { useEditor } from '../store/use-editor.ts';
import { CardPrice } from './CardPrice.tsx';
import styles from './NodeCard.module.css';

interface CardFootProps {
  node: GraphNode;
  step: StepView | undefined;
  description: NodeDescription;
  /** What the step says of itself while it works is shown too. Default true. */
  withMessage?: boolean;
}

/** The time and credits of a node: what it took when it has run, else what it will take. */
export function CardFoot({ node, step, description, withMessage = true }: CardFootProps) {
  const { t } = useTranslation('editor');
  const quoted = useEditor((state) => state.quoteByNode.get(node.id));
  const settled = step?.state === 'succeeded' || step?.state === 'cached' || step?.state === 'failed';
  const time = timeOf(step, quoted?.estimateMs, description);
  const words = step?.state === 'running' ? underWay(step, t) : '';
  return (
    <footer className={styles.foot}>
      {time !== '' && <span>{time}</span>}
      {withMessage && words !== '' && (
        <span className={styles.message} title={words}>
          {words}
        </span>
      )}
      {step?.state === 'cached' && (
        <span className={styles.cached} title={step.reason ?? undefined}>
          <Zap size={11} aria-hidden /> {t('card.cached')}
        </span>
      )}
      {!settled && quoted?.cache === 'yes' && (
        <span className={styles.cached} title={t('quote.keptTitle')}>
          <Zap size={11} aria-hidden /> {t('quote.kept')}
        </span>
      )}
      {!settled && quoted?.remarks && (
        <span className={styles.remarks} title={quoted.remarks.join('\n')}>
          <Info size={11} aria-label={quoted.remarks.join(' ')} /> {t('quote.remark')}
        </span>
      )}
      <CardPrice node={node} description={description} charged={settled ? step.credits : undefined} />
    </footer>
  );
}

/** What a step at work says of itself, the shortest first: what comes last may be cut off. */
function underWay({ itemsDone, leftMs, message }: StepView, t: TFunction<'editor'>): string {
  const words = [
    itemsDone && t('card.itemsDone', itemsDone),
    leftMs !== undefined && t('card.timeLeft', { time: timeLeft(leftMs) }),
    message,
  ];
  return words.filter((word) => typeof word === 'string' && word !== '').join(' · ');
}

function timeOf(step: StepView | undefined, quotedMs: number | undefined, description: NodeDescription): string {
  if (step?.state === 'running') return step.progress === undefined ? '' : `${Math.round(step.progress * 100)}%`;
  // What was reused took no time worth telling; the mark beside says so.
  if (step?.state === 'cached') return '';
  if (step?.durationMs !== undefined && step.state !== 'skipped') return formatDuration(step.durationMs);
  return quotedMs === 0 ? '' : `~${formatDuration(quotedMs ?? description.typicalMs)}`;
}
