import Button from 'antd/es/button';
import Select from 'antd/es/select';
import { ListTree, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { ChoiceRow } from './ChoiceRow.tsx';
import { NodeTypeName, useTypeTitle } from './NodeTypeName.tsx';
import { PriceField } from './PriceField.tsx';
import styles from './PricesScreen.module.css';
import type { RuleDraft } from './price-draft.ts';
import { useChoiceParams } from './use-choice-params.ts';
import type { PriceDraftState } from './use-price-draft.ts';

interface RuleRowProps {
  rule: RuleDraft;
  index: number;
  state: PriceDraftState;
}

/** The price of one node type: by item or step, with its batch discount, the most items at once, and other prices by a choice. */
export function RuleRow({ rule, index, state }: RuleRowProps) {
  const { t } = useTranslation('prices');
  const title = useTypeTitle(rule.type);
  const [deciding] = useChoiceParams(rule.type);
  const { draft, edit, touch, problemAt } = state;
  const change = (part: Partial<RuleDraft>) =>
    edit({ rules: draft.rules.map((entry) => (entry === rule ? { ...entry, ...part } : entry)) });
  const place = (name: string) => `rules.${index}.${name}`;
  const field = (name: 'credits' | 'batchFrom' | 'batchOff' | 'limit', at: string, label: string) => {
    const problem = problemAt(place(at));
    return {
      label: t('rules.of', { what: label, title }),
      value: rule[name],
      onChange: (value: string) => change({ [name]: value }),
      onLeave: () => touch(place(at)),
      error: problem && t(`bad.${problem}`),
    };
  };
  return (
    <>
      <tr>
        <th scope="row">
          <NodeTypeName type={rule.type} />
        </th>
        <td>
          <PriceField {...field('credits', 'credits', t('rules.credits'))} />
        </td>
        <td>
          <Select
            aria-label={t('rules.of', { what: t('rules.for'), title })}
            value={rule.per}
            options={(['item', 'step'] as const).map((value) => ({ value, label: t(`rules.each.${value}`) }))}
            onChange={(per: RuleDraft['per']) => change({ per })}
          />
        </td>
        <td>
          <PriceField {...field('batchFrom', 'from', t('rules.from'))} />
        </td>
        <td>
          <PriceField {...field('batchOff', 'percentOff', t('rules.off'))} suffix="%" />
        </td>
        <td>
          <PriceField {...field('limit', 'limit', t('rules.limit'))} />
        </td>
        <td className={styles.last}>
          {deciding && !rule.choices && (
            <Button
              type="text"
              aria-label={t('rules.addChoices', { title })}
              title={t('rules.addChoicesTitle')}
              icon={<ListTree size={15} aria-hidden />}
              onClick={() => change({ choices: { param: deciding.key, credits: {} } })}
            />
          )}
          <Button
            type="text"
            aria-label={t('rules.remove', { title })}
            title={t('rules.removeTitle')}
            icon={<Trash2 size={15} aria-hidden />}
            onClick={() => edit({ rules: draft.rules.filter((entry) => entry !== rule) })}
          />
        </td>
      </tr>
      {rule.choices && (
        <ChoiceRow
          rule={{ ...rule, choices: rule.choices }}
          index={index}
          state={state}
          onChange={(choices) => change({ choices })}
        />
      )}
    </>
  );
}
