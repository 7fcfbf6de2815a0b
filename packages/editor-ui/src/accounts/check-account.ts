import { routes } from '@imaginarium/protocol';
import type { TFunction } from 'i18next';

const { name, email, password } = routes.setUp.body.shape;

/** What is wrong with an owner's data, in words; the same rules as the server's. */
export function checkOwner(
  values: { name: string; email: string; password: string; code: string },
  codeRequired: boolean,
  t: TFunction<'accounts'>,
): Partial<Record<keyof typeof values, string>> {
  return {
    ...(name.safeParse(values.name).success ? {} : { name: t('invalid.name') }),
    ...(email.safeParse(values.email).success ? {} : { email: t('invalid.email') }),
    ...(password.safeParse(values.password).success ? {} : { password: t('invalid.password') }),
    ...(codeRequired && values.code.trim() === '' ? { code: t('invalid.code') } : {}),
  };
}

/** What is wrong with what somebody signs in with. Old passwords may be shorter than new ones must be. */
export function checkSignIn(
  values: { email: string; password: string },
  t: TFunction<'accounts'>,
): Partial<Record<keyof typeof values, string>> {
  return {
    ...(email.safeParse(values.email).success ? {} : { email: t('invalid.email') }),
    ...(values.password === '' ? { password: t('invalid.passwordEmpty') } : {}),
  };
}
