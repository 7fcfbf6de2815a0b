import { useTranslation } from 'react-i18next';
import { Navigate, useSearchParams } from 'react-router';
import { useSession, useSetup } from '../api/session.ts';
import { useTitle } from '../app/use-title.ts';
import { AccountFrame } from './AccountFrame.tsx';
import { LoginForm } from './LoginForm.tsx';
import { safeNext } from './safe-next.ts';

/** Signing in; brings a person back to where they wanted to go. */
export function LoginScreen() {
  const { t } = useTranslation('accounts');
  useTitle(t('login.submit'));
  const [search] = useSearchParams();
  const session = useSession();
  const setup = useSetup();
  if (session.data) return <Navigate to={safeNext(search.get('next'))} replace />;
  if (setup.data?.required) return <Navigate to="/setup" replace />;
  return (
    <AccountFrame title={t('login.title')} lead={t('login.lead')}>
      <LoginForm />
    </AccountFrame>
  );
}
