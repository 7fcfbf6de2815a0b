import type { Transfer } from '@imaginarium/protocol';
import { csvLine } from './csv-line.ts';

const COLUMNS = [
  ...(['createdAt', 'kind', 'amount', 'change', 'balance', 'workflowName', 'runId', 'node'] as const),
  ...(['nodeName', 'nodeType', 'iteration'] as const),
  ...(['actorName', 'reason', 'id'] as const),
] satisfies (keyof Transfer)[];

/** Writes transfers as CSV (RFC 4180), page by page, with a line of names first. */
export async function* transferLines(pages: AsyncIterable<readonly Transfer[]>): AsyncGenerator<string> {
  yield csvLine(COLUMNS);
  for await (const page of pages)
    yield page.map((transfer) => csvLine(COLUMNS.map((column) => transfer[column]))).join('');
}
