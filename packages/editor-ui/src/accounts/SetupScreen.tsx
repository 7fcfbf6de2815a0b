import { useTranslation } from 'react-i18next';
import { Navigate } from 'react-router';
import { useSession, useSetup } from '../api/session.ts';
import { ScreenSkeleton } from '../app/ScreenSkeleton.tsx';
import { useTitle } from '../app/use-title.ts';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import { AccountFrame } from './AccountFrame.tsx';
import { SetupForm } from './SetupForm.tsx';

/** The first visit of a new server: its owner is made here, once. */
export function SetupScreen() {
  const { t } = useTranslation('accounts');
  useTitle(t('setup.title'));
  const setup = useSetup();
  const session = useSession();
  // The session first: the moment the owner is made, set-up is over and the session is there.
  if (session.data) return <Navigate to="/" replace />;
  if (setup.data && !setup.data.required) return <Navigate to="/login" replace />;
  if (setup.isPending) return <ScreenSkeleton />;
  return (
    <AccountFrame title={t('setup.title')} lead={t('setup.lead')}>
      {setup.data ? (
        <SetupForm codeRequired={setup.data.codeRequired} />
      ) : (
        <ErrorNotice error={setup.error} onRetry={() => void setup.refetch()} />
      )}
    </AccountFrame>
  );
}
