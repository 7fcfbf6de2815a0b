import { House, Images, ImageUp } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link, NavLink, Outlet, ScrollRestoration } from 'react-router';
import { Bell } from '../notices/Bell.tsx';
import { AccountMenu } from './AccountMenu.tsx';
import styles from './AppShell.module.css';
import { ConnectionNotice } from './ConnectionNotice.tsx';
import { Logo } from './Logo.tsx';
import { ThemeSwitch } from './ThemeSwitch.tsx';

/** The frame of every screen but the editor: a bar above, the screen below. */
export function AppShell() {
  const { t } = useTranslation();
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#content">
        {t('nav.skip')}
      </a>
      <header className={styles.bar}>
        <Link to="/" className={styles.brand}>
          <Logo />
          {t('product')}
        </Link>
        <nav aria-label={t('nav.main')} className={styles.nav}>
          <NavLink to="/" end className={styles.link}>
            <House size={15} aria-hidden /> {t('nav.home')}
          </NavLink>
          <NavLink to="/runs" className={styles.link}>
            <Images size={15} aria-hidden /> {t('nav.runs')}
          </NavLink>
          <NavLink to="/assets" className={styles.link}>
            <ImageUp size={15} aria-hidden /> {t('nav.assets')}
          </NavLink>
        </nav>
        <Bell />
        <ThemeSwitch />
        <AccountMenu />
      </header>
      <ConnectionNotice />
      <main id="content" tabIndex={-1} className={styles.content}>
        <Outlet />
      </main>
      <ScrollRestoration />
    </div>
  );
}
