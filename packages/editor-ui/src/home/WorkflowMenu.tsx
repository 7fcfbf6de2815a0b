import type { WorkflowSummary } from '@imaginarium/protocol';
import Button from 'antd/es/button';
import Dropdown from 'antd/es/dropdown';
import { CopyPlus, Ellipsis, FileDown, Images, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useDuplicate } from './use-duplicate.ts';
import { useExport } from './use-export.ts';
import styles from './WorkflowMenu.module.css';

interface WorkflowMenuProps {
  workflow: WorkflowSummary;
  onDelete: () => void;
}

/** What else can be done with a workflow. */
export function WorkflowMenu({ workflow, onDelete }: WorkflowMenuProps) {
  const { t } = useTranslation('home');
  const navigate = useNavigate();
  const duplicate = useDuplicate();
  const exportFile = useExport();
  const items = [
    {
      key: 'runs',
      label: t('card.runs'),
      icon: <Images size={14} aria-hidden />,
      onClick: () => void navigate(`/runs?workflow=${workflow.id}`),
    },
    {
      key: 'duplicate',
      label: t('card.duplicate'),
      icon: <CopyPlus size={14} aria-hidden />,
      onClick: () => duplicate(workflow),
    },
    {
      key: 'export',
      label: t('card.export'),
      icon: <FileDown size={14} aria-hidden />,
      onClick: () => exportFile(workflow),
    },
    { key: 'delete', label: t('card.delete'), icon: <Trash2 size={14} aria-hidden />, danger: true, onClick: onDelete },
  ];
  return (
    <Dropdown trigger={['click']} menu={{ items }} placement="bottomRight">
      <Button
        type="text"
        className={styles.button}
        aria-label={t('card.menu', { name: workflow.name })}
        icon={<Ellipsis size={16} aria-hidden />}
      />
    </Dropdown>
  );
}
