import type { Item } from '@imaginarium/protocol';

/** One call of a node: the item on each port that has one. */
export type Row = Record<string, Item>;

/** Finds an item of the run by its id. */
export type FindItem = (id: string) => Item | undefined;

/**
 * Pairs the items of several ports into rows. Ports with one item repeat it for all rows; the others are paired by descent where their
 * items share an ancestor, else by position. The port with most items sets the order of the rows.
 * @param ports items by port; ports without items are left out by the caller. Rows keep this order of ports.
 * @throws {PairingError} when items are left over.
 */
export function pairItems(ports: Record<string, readonly Item[]>, find: FindItem): Row[] {
  const entries = Object.entries(ports);
  const [first] = entries;
  if (!first) return [{}];
  if (entries.length === 1) return rowsOf(first);
  const lead = entries.reduce((longest, entry) => (entry[1].length > longest[1].length ? entry : longest));
  const columns = entries.map((port) => [port[0], port === lead ? port[1] : matchPort(lead, port, find)] as const);
  return lead[1].map((_item, row) =>
    Object.fromEntries(columns.map(([port, items]) => [port, (items.length === 1 ? items[0] : items[row]) as Item])),
  );
}

/** The items of the only port, a row each. */
function rowsOf([port, items]: Port): Row[] {
  return items.map((item) => ({ [port]: item }));
}

type Port = readonly [name: string, items: readonly Item[]];

/** For each item of the lead port, its partner of the other port; or the one item that all of them share. */
function matchPort(lead: Port, port: Port, find: FindItem): readonly Item[] {
  const [, items] = port;
  if (items.length === 1) return items;
  const families = familiesOf(lead[1], items, find);
  // Strangers to one another can only be told apart by their positions.
  if (families.size === 0) families.set('', { lead: [...lead[1]], items: [...items] });
  const partners = new Map<Item, Item>();
  for (const family of families.values()) {
    if (family.items.length > 1 && family.items.length !== family.lead.length) throw leftOver(lead, port);
    for (const [index, item] of family.lead.entries())
      partners.set(item, family.items[family.items.length === 1 ? 0 : index] as Item);
  }
  if (partners.size < lead[1].length || new Set(partners.values()).size < items.length) throw leftOver(lead, port);
  return lead[1].map((item) => partners.get(item) as Item);
}

/** Items of two ports that descend from one ancestor. */
interface Family {
  lead: Item[];
  items: Item[];
}

/** Puts each item of the lead port that has relatives on the other port into the smallest family it belongs to. */
function familiesOf(lead: readonly Item[], items: readonly Item[], find: FindItem): Map<string, Family> {
  const descendants = new Map<string, Item[]>();
  for (const item of items) {
    for (const id of lineage(item, find)) {
      const list = descendants.get(id);
      if (list) list.push(item);
      else descendants.set(id, [item]);
    }
  }
  const families = new Map<string, Family>();
  for (const item of lead) {
    let closest: { id: string; items: Item[] } | undefined;
    for (const id of lineage(item, find)) {
      const relatives = descendants.get(id);
      if (relatives && (!closest || relatives.length < closest.items.length)) closest = { id, items: relatives };
    }
    if (!closest) continue;
    const family = families.get(closest.id);
    if (family) family.lead.push(item);
    else families.set(closest.id, { lead: [item], items: closest.items });
  }
  return families;
}

/** The ids of an item and all it was made from, the nearest first. */
function lineage(item: Item, find: FindItem): Set<string> {
  const ids = new Set([item.id, ...item.from]);
  for (const id of ids) {
    if (id === item.id) continue;
    for (const parent of find(id)?.from ?? []) ids.add(parent);
  }
  return ids;
}

function leftOver([leadPort, lead]: Port, [port, items]: Port): PairingError {
  return new PairingError(
    `${leadPort} has ${lead.length} items and ${port} has ${items.length}, and they do not belong together one by one: ` +
      'some would be left over.',
  );
}

/** The items on a node's ports do not belong together. */
export class PairingError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PairingError';
  }
}
