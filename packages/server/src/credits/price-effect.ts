import type { Graph, PriceEffect, PriceList, Prices } from '@imaginarium/protocol';
import type { AppDeps } from '../http/app-deps.ts';
import { HttpError } from '../http/http-error.ts';
import { checkQuote } from '../runs/check-run.ts';
import { priceRun } from '../runs/price-run.ts';
import { starterWorkflow } from '../workflows/starter-workflow.ts';
import type { WorkflowStore } from '../workflows/workflow-store.ts';

/** Workflows beside the built-in one that are shown, those changed last. */
const SHOWN = 30;

/** What prices that are not published yet would change: the built-in workflow and those of a workspace, by the prices of now and by these. */
export async function priceEffect(
  { prices, quoteRun, catalogue }: Pick<AppDeps, 'prices' | 'quoteRun' | 'catalogue'>,
  workflows: WorkflowStore,
  draft: Prices,
): Promise<PriceEffect> {
  const now = await prices.current();
  const changed: PriceList = { ...draft, version: now.version + 1 };
  const priced = async (list: PriceList, graph: Graph): Promise<PriceEffect['workflows'][number]['before']> => {
    try {
      const { quote } = await priceRun(list, quoteRun, { graph, inputs: {} }, { measured: new Map() });
      return { total: quote.total, least: quote.least, most: quote.most, refused: null };
    } catch (error) {
      if (!(error instanceof HttpError) || error.code !== 'batch-too-large') throw error;
      return { total: null, least: null, most: null, refused: error.message };
    }
  };
  const compared: PriceEffect['workflows'] = [];
  const compare = async (id: string | null, name: string, graph: Graph) => {
    try {
      checkQuote(graph, {}, catalogue);
    } catch {
      return; // A draft that is not finished has no price.
    }
    compared.push({ id, name, before: await priced(now, graph), after: await priced(changed, graph) });
  };
  await compare(null, starterWorkflow.name, starterWorkflow.graph);
  for (const { id, name } of (await workflows.list()).slice(0, SHOWN)) {
    const stored = await workflows.get(id);
    if (stored) await compare(id, name, stored.draft);
  }
  return { version: now.version, workflows: compared };
}
