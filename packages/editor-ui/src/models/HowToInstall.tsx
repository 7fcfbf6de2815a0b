import type { ModelEntry } from '@imaginarium/protocol';
import { useTranslation } from 'react-i18next';
import styles from './ModelsScreen.module.css';

/** For a model that nobody hosts: how its file is made, and what is not known of it. */
export function HowToInstall({ entry: { convert, weights, unknown } }: { entry: ModelEntry }) {
  const { t } = useTranslation('models');
  return (
    <details className={styles.how}>
      <summary>{t('how')}</summary>
      <p>{t('howText')}</p>
      {convert && <p>{convert}</p>}
      {weights && (
        <p>
          <a href={weights.url} target="_blank" rel="noreferrer">
            {t('weights')}
          </a>
        </p>
      )}
      {unknown.length > 0 && (
        <>
          <strong>{t('unknown')}</strong>
          <ul>
            {unknown.map((fact) => (
              <li key={fact}>{fact}</li>
            ))}
          </ul>
        </>
      )}
    </details>
  );
}
