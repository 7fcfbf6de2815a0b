import { USAGE_DAYS, type UsageRow } from '@imaginarium/protocol';
import { csvLine } from '../credits/csv-line.ts';
import type { Handlers } from './handler.ts';
import { HttpError } from './http-error.ts';

const DAY_MS = 86_400_000;
/** Days that are shown where nobody says which. */
const SHOWN_DAYS = 30;

/** What the workspace used. */
export function usageHandlers(): Pick<Handlers, 'getUsage' | 'exportUsage'> {
  return {
    async getUsage({ stores, query }) {
      const range = rangeOf(query);
      return { ...range, by: query.by, ...(await stores.usage.figures({ ...query, ...range })) };
    },

    async exportUsage({ stores, query, res }) {
      const { rows } = await stores.usage.figures({ ...query, ...rangeOf(query) });
      res.setHeader('content-type', 'text/csv; charset=utf-8');
      res.setHeader('content-disposition', 'attachment; filename="usage.csv"');
      const cells = Object.entries(CELLS);
      res.end(
        [csvLine(cells.map(([name]) => name)), ...rows.map((row) => csvLine(cells.map(([, of]) => of(row))))].join(''),
      );
      return undefined;
    },
  };
}

const CELLS: Record<string, (row: UsageRow) => string | number | null> = {
  day: ({ day }) => day,
  workflow: ({ workflow }) => workflow?.name ?? null,
  workflowId: ({ workflow }) => workflow?.id ?? null,
  nodeType: ({ nodeType }) => nodeType,
  person: ({ person }) => person?.name ?? null,
  personId: ({ person }) => person?.id ?? null,
  steps: ({ steps }) => steps,
  items: ({ items }) => items,
  credits: ({ credits }) => credits,
  refunded: ({ refunded }) => refunded,
  durationMs: ({ durationMs }) => durationMs,
};

/** @throws {HttpError} for a range that is empty or too long. */
function rangeOf(asked: { from?: string | undefined; to?: string | undefined }): { from: string; to: string } {
  const to = asked.to ?? dayOf(Math.max(Date.now(), asked.from === undefined ? 0 : Date.parse(asked.from)));
  const from = asked.from ?? dayOf(Date.parse(to) - (SHOWN_DAYS - 1) * DAY_MS);
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
  if (days < 1) throw new HttpError('bad-request', `from: expected a day that is not after ${to}, received ${from}`);
  if (days > USAGE_DAYS)
    throw new HttpError(
      'bad-request',
      `from, to: expected at most ${USAGE_DAYS} days, received ${days}. Ask for one year after the other.`,
    );
  return { from, to };
}

function dayOf(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}
