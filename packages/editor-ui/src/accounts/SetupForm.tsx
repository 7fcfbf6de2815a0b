import { ApiError } from '@imaginarium/client';
import Button from 'antd/es/button';
import { useTranslation } from 'react-i18next';
import { useSetUp } from '../api/session.ts';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import { TextField } from '../components/TextField.tsx';
import { useForm } from '../components/use-form.ts';
import styles from './AccountForm.module.css';
import { checkOwner } from './check-account.ts';

/** Asks for the owner's name, e-mail and password, and for the terminal's code when the server can be reached from afar. */
export function SetupForm({ codeRequired }: { codeRequired: boolean }) {
  const { t } = useTranslation('accounts');
  const setUp = useSetUp();
  const form = useForm({
    initial: { name: '', email: '', password: '', code: '' },
    check: (values) => checkOwner(values, codeRequired, t),
    onSubmit: ({ code, ...owner }) => setUp.mutate({ ...owner, ...(codeRequired ? { code: code.trim() } : {}) }),
  });
  const wrongCode =
    setUp.error instanceof ApiError && setUp.error.code === 'wrong-code' ? setUp.error.message : undefined;
  const code = form.field('code');
  return (
    <form className={styles.form} onSubmit={form.submit} noValidate>
      {setUp.error && wrongCode === undefined && (
        <div className={styles.notice}>
          <ErrorNotice error={setUp.error} title={t('setup.failed')} />
        </div>
      )}
      <TextField {...form.field('name')} label={t('setup.name')} autoComplete="name" autoFocus />
      <TextField
        {...form.field('email')}
        label={t('setup.email')}
        help={t('setup.emailHelp')}
        type="email"
        autoComplete="username"
      />
      <TextField
        {...form.field('password')}
        label={t('setup.password')}
        help={t('setup.passwordHelp')}
        type="password"
        autoComplete="new-password"
      />
      {codeRequired && (
        <TextField
          {...code}
          error={code.error ?? wrongCode}
          label={t('setup.code')}
          help={t('setup.codeHelp')}
          autoComplete="one-time-code"
        />
      )}
      <Button type="primary" size="large" htmlType="submit" loading={setUp.isPending}>
        {t('setup.submit')}
      </Button>
    </form>
  );
}
