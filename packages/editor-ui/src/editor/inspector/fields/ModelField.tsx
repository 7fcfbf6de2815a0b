import { countedSpeed, type ModelState } from '@imaginarium/protocol';
import Select from 'antd/es/select';
import { useTranslation } from 'react-i18next';
import { useModels } from '../../../api/models.ts';
import { formatDuration } from '../../../components/format.ts';
import { ariaOf, type FieldProps, type SpecOf } from './field.ts';
import styles from './fields.module.css';

/** Picks a model: the best one for this machine, or one that is installed, each with the time it takes here. */
export function ModelField(props: FieldProps<SpecOf<'model'>>) {
  const { spec, value, onChange, invalid } = props;
  const { t } = useTranslation('editor');
  const models = useModels();
  const fitting = (models.data?.models ?? []).filter((model) => fits(model, spec));
  const options = [
    { value: 'auto', label: t('param.autoModel') },
    ...fitting.map(({ entry, speed }) => {
      const counted = speed && countedSpeed(entry, speed);
      const words = counted && { title: entry.title, time: formatDuration(counted.ms) };
      return { value: entry.name, label: words ? t(`param.timedModel.${counted.each}`, words) : entry.title };
    }),
  ];
  const chosen = typeof value === 'string' && value !== '' ? value : 'auto';
  const known = models.isPending || options.some((option) => option.value === chosen);
  return (
    <Select
      {...ariaOf(props)}
      className={styles.wide}
      loading={models.isPending}
      options={known ? options : [...options, { value: chosen, label: t('param.goneModel', { name: chosen }) }]}
      value={chosen}
      status={invalid || !known ? 'error' : undefined}
      onChange={(next: string) => onChange(next)}
    />
  );
}

/** Whether a model is here and does what the param asks for, or more than that to reduce. */
function fits({ entry, state }: ModelState, { task, scale = 1 }: SpecOf<'model'>): boolean {
  return state === 'installed' && entry.task === task && entry.scale % scale === 0;
}
