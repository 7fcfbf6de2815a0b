import type { Item } from '@imaginarium/protocol';

/** One call of a node: the item on each port that has one. */
export type Row = Record<string, Item>;

/** Finds an item of the run by its id. */
export type FindItem = (id: string) => Item | undefined;

/**
 * Pairs the items of several ports into rows. Ports with one item repeat it for all rows; the others are paired by descent where their
 * items share an ancestor, else by position.
 * @param ports items by port; ports without items are left out by the caller.
 * @throws {PairingError} when items are left over.
 */
export function pairItems(ports: Record<string, readonly Item[]>, find: FindItem): Row[] {
  const entries = Object.entries(ports);
  if (entries.length === 0) return [{}];
  const lists = entries.filter(([, items]) => items.length > 1);
  const singles = Object.fromEntries(
    entries.flatMap(([port, [item]]) => (ports[port]?.length === 1 ? [[port, item]] : [])),
  );
  const [lead] = lists;
  if (!lead) return [singles as Row];
  const [leadPort, leadItems] = lead;
  const partners = lists.slice(1).map(([port, items]) => ({ port, items: match(lead, [port, items], find) }));
  return leadItems.map((item, row) => ({
    ...(singles as Row),
    [leadPort]: item,
    ...Object.fromEntries(partners.map((partner) => [partner.port, partner.items[row] as Item])),
  }));
}

type Port = [name: string, items: readonly Item[]];

/** For each item of the lead port, its partner of the other port. */
function match([leadPort, lead]: Port, [port, items]: Port, find: FindItem): Item[] {
  const byDescent = matchByDescent(lead, items, find);
  if (byDescent) return byDescent;
  if (lead.length === items.length) return [...items];
  throw new PairingError(
    `${leadPort} has ${lead.length} items and ${port} has ${items.length}, and they do not come from the same items: ` +
      'some would be left over.',
  );
}

function matchByDescent(lead: readonly Item[], items: readonly Item[], find: FindItem): Item[] | undefined {
  const roots = new Map<string, Item[]>();
  for (const item of items) {
    for (const id of lineage(item, find)) {
      const list = roots.get(id);
      if (list) list.push(item);
      else roots.set(id, [item]);
    }
  }
  const used = new Set<Item>();
  const partners: Item[] = [];
  for (const item of lead) {
    // The nearest ancestor that just one item of the other port descends from tells them apart.
    const partner = lineage(item, find)
      .map((id) => roots.get(id))
      .find((list) => list?.length === 1)?.[0];
    if (!partner) return undefined;
    used.add(partner);
    partners.push(partner);
  }
  return used.size === items.length ? partners : undefined;
}

/** The ids of an item and all it was made from, the nearest first. */
function lineage(item: Item, find: FindItem): string[] {
  const ids = new Set([item.id]);
  for (const id of ids) {
    const from = id === item.id ? item.from : (find(id)?.from ?? []);
    for (const parent of from) ids.add(parent);
  }
  return [...ids];
}

/** The items on a node's ports do not belong together. */
export class PairingError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PairingError';
  }
}
