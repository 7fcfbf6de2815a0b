import type { Transfer } from '@imaginarium/protocol';

const COLUMNS = [
  ...(['createdAt', 'kind', 'amount', 'change', 'balance', 'workflowName', 'runId', 'node'] as const),
  ...(['nodeName', 'nodeType', 'iteration'] as const),
  ...(['actorName', 'reason', 'id'] as const),
] satisfies (keyof Transfer)[];

/** Writes transfers as CSV (RFC 4180), page by page, with a line of names first. */
export async function* transferLines(pages: AsyncIterable<readonly Transfer[]>): AsyncGenerator<string> {
  yield `${COLUMNS.join(',')}\r\n`;
  for await (const page of pages)
    yield page.map((transfer) => `${COLUMNS.map((column) => cell(transfer[column])).join(',')}\r\n`).join('');
}

function cell(value: string | number | null): string {
  if (value === null) return '';
  const text = String(value);
  // A table program would execute a text that looks like a formula: an apostrophe makes it text.
  const plain = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
