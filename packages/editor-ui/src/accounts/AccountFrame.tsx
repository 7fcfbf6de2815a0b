import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Logo } from '../app/Logo.tsx';
import { ThemeSwitch } from '../app/ThemeSwitch.tsx';
import { FlowPicture } from '../components/FlowPicture.tsx';
import styles from './AccountFrame.module.css';

/** The frame of the screens before the first sign-in: the form on one side, what it opens on the other. */
export function AccountFrame({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <div className={styles.frame}>
      <header className={styles.brand}>
        <Logo /> {t('product')}
        <span className={styles.theme}>
          <ThemeSwitch />
        </span>
      </header>
      <main className={styles.form}>
        <h1>{title}</h1>
        <p className={styles.lead}>{lead}</p>
        {children}
      </main>
      <div className={styles.picture} aria-hidden>
        <FlowPicture width={560} />
      </div>
    </div>
  );
}
