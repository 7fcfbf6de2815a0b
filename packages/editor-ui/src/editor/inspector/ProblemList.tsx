import type { Problem } from '@imaginarium/protocol';
import { TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useEditorStore } from '../store/use-editor.ts';
import styles from './ProblemList.module.css';

/** What keeps the workflow from running, each with its remedy. With `links`, each leads to its node. */
export function ProblemList({ problems, links = false }: { problems: readonly Problem[]; links?: boolean }) {
  const { t } = useTranslation('editor');
  const store = useEditorStore();
  return (
    <ul className={styles.list} aria-label={t('problems.label')}>
      {problems.map((problem) => (
        <li key={`${problem.code} ${problem.node} ${problem.port ?? problem.path ?? ''}`}>
          <TriangleAlert size={14} aria-hidden />
          <p>
            <strong>{problem.message}</strong> {problem.remedy}
            {links && problem.node !== undefined && (
              <button
                type="button"
                onClick={() => store.getState().select({ nodes: [problem.node as string], edges: [] })}
              >
                {t('problems.show')}
              </button>
            )}
          </p>
        </li>
      ))}
    </ul>
  );
}
