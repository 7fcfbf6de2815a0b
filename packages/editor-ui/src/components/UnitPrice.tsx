import type { JsonObject, NodeDescription, PriceRule } from '@imaginarium/protocol';
import { useTranslation } from 'react-i18next';
import { usePrices } from '../api/prices.ts';
import { CreditAmount } from './CreditAmount.tsx';
import { listPrice } from './list-price.ts';

const none: readonly PriceRule[] = [];

interface UnitPriceProps {
  description: NodeDescription;
  /** Those of a node that is placed; left out, what the node type costs at least. */
  params?: JsonObject;
  /** Where there is little room: nothing is said of what is free, nor that each item costs that. Default false. */
  brief?: boolean;
}

/** What a node costs before it is known what reaches it: "15 credits each", "from 15 credits", "varies", "Free". */
export function UnitPrice({ description, params, brief = false }: UnitPriceProps) {
  const { t } = useTranslation();
  const price = listPrice(description, usePrices().data?.rules ?? none, params);
  if (!price) return t('credits.formula');
  const { credits, orMore, each } = price;
  if (orMore) return t('credits.from', { count: credits });
  if (credits === 0) return brief ? null : <CreditAmount credits={0} />;
  return t(each && !brief ? 'credits.each' : 'credits.amount', { count: credits });
}
