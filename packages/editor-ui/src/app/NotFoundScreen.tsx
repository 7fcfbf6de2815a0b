import { useTranslation } from 'react-i18next';
import { EmptyState } from '../components/EmptyState.tsx';
import { LinkButton } from '../components/LinkButton.tsx';
import { LostPicture } from './LostPicture.tsx';
import { useTitle } from './use-title.ts';

/** For addresses where nothing is. */
export function NotFoundScreen() {
  const { t } = useTranslation();
  useTitle(t('notFound.title'));
  return (
    <EmptyState
      picture={<LostPicture />}
      title={t('notFound.title')}
      wholeScreen
      action={<LinkButton to="/">{t('notFound.action')}</LinkButton>}
    >
      {t('notFound.text')}
    </EmptyState>
  );
}
