import Select from 'antd/es/select';
import { useTranslation } from 'react-i18next';
import { useNodeTypes } from '../api/node-types.ts';
import styles from './PricesScreen.module.css';
import { ruleDraft } from './price-draft.ts';
import { RuleRow } from './RuleRow.tsx';
import type { PriceDraftState } from './use-price-draft.ts';

/** The prices of node types, to edit, and a way to give one to another type. */
export function RuleTable({ state }: { state: PriceDraftState }) {
  const { t } = useTranslation('prices');
  const { data } = useNodeTypes();
  const { draft, edit } = state;
  const priced = new Set(draft.rules.map(({ type }) => type));
  const others = new Map(
    (data?.types ?? []).filter(({ type }) => !priced.has(type)).map((entry) => [entry.type, entry]),
  );
  const add = (type: string) => {
    const credits = others.get(type)?.credits;
    const own = typeof credits === 'number' ? credits : 0;
    edit({ rules: [...draft.rules, ruleDraft({ type, credits: own, per: 'item' })] });
  };
  return (
    <section className={styles.section} aria-labelledby="rules">
      <h2 id="rules">{t('rules.title')}</h2>
      <div className={styles.card}>
        <table className={styles.table} aria-labelledby="rules">
          <thead>
            <tr>
              <th scope="col">{t('rules.type')}</th>
              <th scope="col">{t('rules.credits')}</th>
              <th scope="col">{t('rules.for')}</th>
              <th scope="col">{t('rules.from')}</th>
              <th scope="col">{t('rules.off')}</th>
              <th scope="col">{t('rules.limit')}</th>
              <th scope="col">
                <span className={styles.hidden}>{t('rules.actions')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {draft.rules.map((rule, index) => (
              <RuleRow key={rule.type} rule={rule} index={index} state={state} />
            ))}
          </tbody>
        </table>
      </div>
      <div className={styles.add}>
        <Select
          aria-label={t('rules.add')}
          placeholder={t('rules.add')}
          className={styles.adder}
          showSearch={{ optionFilterProp: 'label' }}
          value={null}
          options={[...others.values()].map(({ type, title }) => ({ value: type, label: `${title} (${type})` }))}
          onChange={(type: string | null) => type !== null && add(type)}
        />
        <span className={styles.quiet}>{t('rules.others')}</span>
      </div>
    </section>
  );
}
