import { ApiError } from '@imaginarium/client';
import Button from 'antd/es/button';
import { useTranslation } from 'react-i18next';
import { useSignIn } from '../api/session.ts';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import { TextField } from '../components/TextField.tsx';
import { useForm } from '../components/use-form.ts';
import styles from './AccountForm.module.css';
import { checkSignIn } from './check-account.ts';

export function LoginForm() {
  const { t } = useTranslation('accounts');
  const signIn = useSignIn();
  const form = useForm({
    initial: { email: '', password: '' },
    check: (values) => checkSignIn(values, t),
    onSubmit: (values) => signIn.mutate(values),
  });
  const wrong = signIn.error instanceof ApiError && signIn.error.code === 'wrong-password';
  const password = form.field('password');
  return (
    <form className={styles.form} onSubmit={form.submit} noValidate>
      {signIn.error && !wrong && (
        <div className={styles.notice}>
          <ErrorNotice error={signIn.error} title={t('login.failed')} />
        </div>
      )}
      <TextField {...form.field('email')} label={t('login.email')} type="email" autoComplete="username" autoFocus />
      <TextField
        {...password}
        error={password.error ?? (wrong ? t('login.wrong') : undefined)}
        label={t('login.password')}
        type="password"
        autoComplete="current-password"
      />
      <Button type="primary" size="large" htmlType="submit" loading={signIn.isPending}>
        {t('login.submit')}
      </Button>
    </form>
  );
}
