import type { Item, LoopBody, PortItems } from '@imaginarium/protocol';
import { freezeDeep } from '../items/freeze-deep.ts';
import type { FindItem } from '../items/pair-items.ts';

/** The inner port whose items a loop goes over, with the input it belongs to, and the port that takes what comes back. */
export function portsOf(body: LoopBody): { given: string; over: string; taken: string; into: string } {
  const [given, { of: over }] = first(Object.entries(body.gives).filter(([, { whole }]) => !whole));
  const [taken, { into }] = first(Object.entries(body.takes));
  return { given, over, taken, into };
}

function first<Value>(values: readonly Value[]): Value {
  if (values.length === 0) throw new Error('A loop needs an inner port that gives and one that takes.');
  return values[0] as Value;
}

/** What the inner ports of a loop give in one iteration. */
export function givenItems(body: LoopBody, inputs: Readonly<Record<string, Item[]>>, own: Item[]): PortItems {
  const { given } = portsOf(body);
  const whole = Object.entries(body.gives).filter(([, port]) => port.whole);
  return { [given]: own, ...Object.fromEntries(whole.map(([port, { of }]) => [port, inputs[of] ?? []])) };
}

/**
 * The nearest ancestors of an item for which something is known, by their ids. An item may be its own.
 * @param find finds the items on the way.
 * @param isKnown whether a way up ends at an id.
 */
export function ancestorsOf(item: Item, find: FindItem, isKnown: (id: string) => boolean): string[] {
  const seen = new Set([item.id]);
  const known: string[] = [];
  // A set goes on with what is added while it is walked.
  for (const id of seen) {
    if (isKnown(id)) known.push(id);
    else for (const parent of (id === item.id ? item : find(id))?.from ?? []) seen.add(parent);
  }
  return known;
}

/** An item as the loop gives it: under an id of its own, and made from items outside of the loop. */
export function outsideItem(id: string, { value, file, fields }: Item, from: string[]): Item {
  return freezeDeep(file ? { id, file, fields, from } : { id, value: value ?? null, fields, from });
}
