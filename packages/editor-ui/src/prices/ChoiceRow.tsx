import Button from 'antd/es/button';
import Select from 'antd/es/select';
import { Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useTypeTitle } from './NodeTypeName.tsx';
import { PriceField } from './PriceField.tsx';
import styles from './PricesScreen.module.css';
import type { ChoiceDraft, RuleDraft } from './price-draft.ts';
import { type ChoiceParam, useChoiceParams } from './use-choice-params.ts';
import type { PriceDraftState } from './use-price-draft.ts';

interface ChoiceRowProps {
  rule: RuleDraft & { choices: ChoiceDraft };
  index: number;
  state: PriceDraftState;
  onChange: (choices: ChoiceDraft | null) => void;
}

/** Other prices of a node type, by what is chosen in one of its params. A choice without a price of its own costs what the type costs. */
export function ChoiceRow({ rule: { type, credits: usual, choices }, index, state, onChange }: ChoiceRowProps) {
  const { t } = useTranslation('prices');
  const title = useTypeTitle(type);
  const params = useChoiceParams(type);
  const asked = params.find(({ key }) => key === choices.param);
  const set = (choice: string, value: string) =>
    onChange({ ...choices, credits: { ...choices.credits, [choice]: value } });
  return (
    <tr className={styles.choices}>
      <th scope="row">
        <ParamName params={params} param={choices.param} title={title} onChange={onChange} />
      </th>
      <td colSpan={5}>
        <div className={styles.choiceList}>
          {choicesShown(asked, choices).map(({ value, label }) => {
            const at = `rules.${index}.choices.${value}`;
            return (
              <div key={value} className={styles.choice}>
                <span>{label}</span>
                <PriceField
                  label={t('rules.of', { what: label, title })}
                  placeholder={usual}
                  value={choices.credits[value] ?? ''}
                  onChange={(credits) => set(value, credits)}
                  onLeave={() => state.touch(at)}
                  error={state.problemAt(at) && t('bad.credits')}
                />
              </div>
            );
          })}
        </div>
      </td>
      <td className={styles.last}>
        <Button
          type="text"
          aria-label={t('rules.removeChoices', { title })}
          title={t('rules.removeChoicesTitle')}
          icon={<Trash2 size={15} aria-hidden />}
          onClick={() => onChange(null)}
        />
      </td>
    </tr>
  );
}

interface ParamNameProps {
  params: readonly ChoiceParam[];
  param: string;
  /** Of the node type. */
  title: string;
  onChange: (choices: ChoiceDraft) => void;
}

/** The param that decides; to choose, where the node type has several. */
function ParamName({ params, param, title, onChange }: ParamNameProps) {
  const { t } = useTranslation('prices');
  const known = params.find(({ key }) => key === param);
  if (params.length < 2 || !known) return <>{t('rules.choices', { param: known?.title ?? param })}</>;
  return (
    <Select
      aria-label={t('rules.choiceParam', { title })}
      className={styles.choiceParam}
      value={param}
      options={params.map((one) => ({ value: one.key, label: t('rules.choices', { param: one.title }) }))}
      onChange={(key: string) => onChange({ param: key, credits: {} })}
    />
  );
}

/** The choices that the node type has, and those that have a price and are none of its own: of another version, or not installed. */
function choicesShown(asked: ChoiceParam | undefined, { credits }: ChoiceDraft): ChoiceParam['options'] {
  const own = asked?.options ?? [];
  const others = Object.keys(credits).filter((value) => !own.some((option) => option.value === value));
  return [...own, ...others.map((value) => ({ value, label: value }))];
}
