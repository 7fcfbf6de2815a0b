import Button from 'antd/es/button';
import { useTranslation } from 'react-i18next';
import { useCreateApiKey } from '../api/api-keys.ts';
import { CopyButton } from '../components/CopyButton.tsx';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import { TextField } from '../components/TextField.tsx';
import { useForm } from '../components/use-form.ts';
import styles from './ApiKeys.module.css';

/** Makes a key by name, and shows the new key until its owner has copied it. */
export function ApiKeyForm() {
  const { t } = useTranslation('accounts');
  const create = useCreateApiKey();
  const form = useForm({
    initial: { name: '' },
    check: ({ name }) => (name.trim() === '' || name.length > 200 ? { name: t('invalid.keyName') } : {}),
    onSubmit: ({ name }) => create.mutate(name.trim(), { onSuccess: form.reset }),
  });
  if (create.data) {
    return (
      <div className={styles.fresh} role="status">
        <p>{t('account.fresh')}</p>
        <div className={styles.key}>
          <code>{create.data.key}</code>
          <CopyButton text={create.data.key} label={t('account.copyKey')} />
        </div>
        <Button onClick={create.reset}>{t('account.done')}</Button>
      </div>
    );
  }
  return (
    <>
      <form className={styles.form} onSubmit={form.submit} noValidate>
        <TextField
          {...form.field('name')}
          label={t('account.keyName')}
          placeholder={t('account.keyNameHint')}
          autoComplete="off"
        />
        <Button type="primary" size="large" htmlType="submit" loading={create.isPending}>
          {t('account.create')}
        </Button>
      </form>
      {create.error && <ErrorNotice error={create.error} />}
    </>
  );
}
