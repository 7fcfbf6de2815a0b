import { Navigate, Outlet, useLocation } from 'react-router';
import { useSession } from '../api/session.ts';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import styles from './RequireSession.module.css';
import { ScreenSkeleton } from './ScreenSkeleton.tsx';

/** Shows what is inside to a person who is signed in; sends others to sign in and brings them back here after it. */
export function RequireSession() {
  const session = useSession();
  const { pathname, search } = useLocation();
  if (session.data) return <Outlet />;
  if (session.data === null) {
    const here = pathname + search;
    return <Navigate to={here === '/' ? '/login' : `/login?next=${encodeURIComponent(here)}`} replace />;
  }
  if (session.error) {
    return (
      <main className={styles.alone}>
        <ErrorNotice error={session.error} onRetry={() => void session.refetch()} />
      </main>
    );
  }
  return <ScreenSkeleton />;
}
