import Button from 'antd/es/button';
import { useTranslation } from 'react-i18next';
import { useRouteError } from 'react-router';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import styles from './RequireSession.module.css';

/** What stands in place of a screen that threw. */
export function ScreenError() {
  const { t } = useTranslation();
  const error = useRouteError();
  return (
    <main className={styles.alone}>
      <ErrorNotice error={error} title={t('error.screen')} />
      <p style={{ margin: '16px 0' }}>{t('error.screenHelp')}</p>
      <Button type="primary" onClick={() => window.location.reload()}>
        {t('error.reload')}
      </Button>
    </main>
  );
}
