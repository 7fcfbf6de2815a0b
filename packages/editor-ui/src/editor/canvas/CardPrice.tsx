import type { GraphNode, NodeDescription } from '@imaginarium/protocol';
import { useTranslation } from 'react-i18next';
import { CreditAmount } from '../../components/CreditAmount.tsx';
import { UnitPrice } from '../../components/UnitPrice.tsx';
import { useEditor } from '../store/use-editor.ts';

interface CardPriceProps {
  node: GraphNode;
  description: NodeDescription;
  /** What it was charged when it has run. */
  charged: number | undefined;
}

/** What a node was charged, else what it is quoted at, else what one of its items costs: a picture may have to be chosen first. */
export function CardPrice({ node, description, charged }: CardPriceProps) {
  const { t } = useTranslation('editor');
  const quoted = useEditor((state) => state.quoteByNode.get(node.id));
  if (charged !== undefined) return <CreditAmount credits={charged} />;
  if (!quoted || quoted.items === 0) return <UnitPrice description={description} params={node.params} />;
  if (quoted.cache === 'maybe' && quoted.credits > 0)
    return <span title={t('quote.maybeTitle')}>{t('quote.maybe', { count: quoted.credits })}</span>;
  return <CreditAmount credits={quoted.credits} />;
}
