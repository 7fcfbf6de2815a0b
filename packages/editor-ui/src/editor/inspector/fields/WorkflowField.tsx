import { useQueries } from '@tanstack/react-query';
import Cascader from 'antd/es/cascader';
import Select from 'antd/es/select';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../../api/client.ts';
import { queryKeys } from '../../../api/query-keys.ts';
import { useWorkflows } from '../../../api/workflows.ts';
import { ariaOf, type FieldProps, type SpecOf } from './field.ts';
import styles from './fields.module.css';

/** Picks a workflow of the workspace, or one of its versions: nobody types an id. */
export function WorkflowField(props: FieldProps<SpecOf<'text'>>) {
  return props.spec.picks === 'workflow-version' ? <VersionPick {...props} /> : <WorkflowPick {...props} />;
}

function WorkflowPick(props: FieldProps<SpecOf<'text'>>) {
  const { value, onChange, invalid } = props;
  const { t } = useTranslation('editor');
  const workflows = useWorkflows();
  const id = typeof value === 'string' ? value : '';
  const options = (workflows.data ?? []).map((workflow) => ({ value: workflow.id, label: workflow.name }));
  const known = id === '' || options.some((option) => option.value === id);
  return (
    <Select
      {...ariaOf(props)}
      className={styles.wide}
      allowClear
      showSearch={{ optionFilterProp: 'label' }}
      loading={workflows.isPending}
      placeholder={t('param.anyWorkflow')}
      options={known ? options : [...options, { value: id, label: t('param.goneWorkflow') }]}
      value={id === '' ? undefined : id}
      status={invalid ? 'error' : undefined}
      onChange={(next: string | undefined) => onChange(next ?? '')}
    />
  );
}

/** Versions are asked for when a workflow is opened, and for the one that is chosen. */
function VersionPick(props: FieldProps<SpecOf<'text'>>) {
  const { value, onChange, invalid } = props;
  const { t } = useTranslation('editor');
  const workflows = useWorkflows();
  const [chosen = '', version = ''] = typeof value === 'string' ? value.split('@') : [];
  const [opened, setOpened] = useState<readonly string[]>([]);
  const wanted = [...new Set([chosen, ...opened])].filter((id) => id !== '');
  const versions = useQueries({
    queries: wanted.map((id) => ({
      queryKey: queryKeys.versions(id),
      queryFn: async () => (await client.call('listVersions', { params: { id } })).versions,
    })),
  });
  const versionsOf = (id: string) => versions[wanted.indexOf(id)]?.data;
  const options = (workflows.data ?? []).map((workflow) => ({
    value: workflow.id,
    label: workflow.name,
    isLeaf: false,
    disabled: workflow.latestVersion === null,
    children: versionsOf(workflow.id)?.map((one) => ({
      value: String(one.version),
      label: one.label === null ? `v${one.version}` : `v${one.version} ${one.label}`,
    })),
  }));
  return (
    <Cascader
      {...ariaOf(props)}
      className={styles.wide}
      options={options}
      value={chosen === '' ? [] : [chosen, version]}
      displayRender={(labels) => labels.join(' ')}
      placeholder={t('param.chooseVersion')}
      status={invalid ? 'error' : undefined}
      loadData={(path) => {
        const id = String(path.at(-1)?.value ?? '');
        setOpened((before) => (before.includes(id) ? before : [...before, id]));
      }}
      onChange={(next) => onChange(next?.length === 2 ? next.join('@') : '')}
    />
  );
}
