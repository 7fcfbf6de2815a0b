import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useCreateWorkflow } from '../api/workflows.ts';

/** Makes an empty workflow and opens it. */
export function useNewWorkflow() {
  const { t } = useTranslation('home');
  const navigate = useNavigate();
  const { mutate, isPending, error } = useCreateWorkflow();
  const create = () =>
    mutate({ name: t('untitled') }, { onSuccess: (workflow) => void navigate(`/workflows/${workflow.id}`) });
  return { create, creating: isPending, error };
}
