import type { GraphNode, Problem } from '@imaginarium/protocol';
import { Pin, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import styles from './CardMarks.module.css';

interface CardMarksProps {
  node: GraphNode;
  /** What keeps it from running; left out where that is not to be said. */
  problems: readonly Problem[] | undefined;
}

/** Small marks in the head of a card or frame: that it holds on to its items, and what is wrong with it. */
export function CardMarks({ node, problems }: CardMarksProps) {
  const { t } = useTranslation('editor');
  return (
    <>
      {node.pinned && (
        <span className={styles.pinned} role="img" aria-label={t('card.pinned')} title={t('card.pinned')}>
          <Pin size={13} aria-hidden />
        </span>
      )}
      {problems && (
        <span
          className={styles.problem}
          role="img"
          aria-label={t('card.problems', { count: problems.length })}
          title={problems.map((problem) => problem.message).join('\n')}
        >
          <TriangleAlert size={14} aria-hidden />
        </span>
      )}
    </>
  );
}
