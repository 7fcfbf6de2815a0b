import type { Item, Json, JsonObject, PortItems, Step } from '@imaginarium/protocol';

/** A step of which nothing is known: what a step still says of this is left out. Rows are there that rest on it, so it never changes. */
const BLANK: Readonly<Omit<Step, 'failedItems'>> = {
  ...{ node: '', iteration: '', name: '', type: '', state: 'pending', attempts: 0, startedAt: null, finishedAt: null },
  ...{ itemsIn: 0, itemsFailed: 0, outputs: {}, credits: 0, error: null, reason: null },
};

/** Longer lists are written as they are: they are packed, which takes less than to look at each item. */
const SLIM_ITEMS = 1000;

/** An item as it is, or by what it has beside the item that it was made from. */
type SlimItem = Item | LikeItem;

interface LikeItem extends Pick<Item, 'id' | 'from' | 'value' | 'file'>, Partial<Pick<Item, 'fields'>> {
  /** Its value or file is the same where neither stands here, and so are its fields but for these. */
  grown?: JsonObject;
  /** Its value or file is the same, and its fields are its own. */
  kept?: true;
}

/** A step as a row of the journal has it: without what is blank. */
export type SlimStep = { [Key in keyof Omit<Step, 'outputs'>]?: Step[Key] | undefined } & {
  outputs: Record<string, SlimItem[]>;
};

/**
 * Steps without what goes without saying. Items carry their value and fields from node to node, so that a chain of nodes would have the same
 * written down again and again: an item is written as what it has beside the one it was made from, where that stands before it.
 */
export function slimSteps(steps: readonly Step[]): SlimStep[] {
  const lists = new Map<string, readonly Item[]>();
  return steps.map((step) => slimStep(step, slimOutputs(step.outputs, lists)));
}

/** Property by property, in the same order for all: what has one shape is made and written several times as fast. JSON leaves out what is undefined. */
function slimStep(step: Step, outputs: SlimStep['outputs']) {
  return {
    node: step.node || undefined,
    iteration: step.iteration || undefined,
    name: step.name || undefined,
    type: step.type || undefined,
    state: step.state === BLANK.state ? undefined : step.state,
    attempts: step.attempts || undefined,
    startedAt: step.startedAt ?? undefined,
    finishedAt: step.finishedAt ?? undefined,
    itemsIn: step.itemsIn || undefined,
    itemsFailed: step.itemsFailed || undefined,
    failedItems: step.failedItems,
    outputs,
    credits: step.credits || undefined,
    error: step.error ?? undefined,
    reason: step.reason ?? undefined,
  } satisfies Record<keyof Step, unknown>;
}

/** @param lists those before it, by the id of their first item. */
function slimOutputs(outputs: PortItems, lists: Map<string, readonly Item[]>): Record<string, SlimItem[]> {
  const slim: Record<string, SlimItem[]> = {};
  for (const port in outputs) {
    const items = outputs[port] as Item[];
    const [first] = items;
    const sources = (first && lists.get(first.from[0] ?? '')) ?? [];
    // A list is known by its first item, which is what the first of these was made from.
    slim[port] = first && items.length === 1 ? [slimItem(first, sources[0])] : slimItems(items, sources);
    if (first) lists.set(first.id, items);
  }
  return slim;
}

/** @param sources a list that most of them may have been made from. */
function slimItems(items: Item[], sources: readonly Item[]): SlimItem[] {
  if (items.length > SLIM_ITEMS) return items;
  const sourceOf = sourceFinder(sources);
  return items.map((item, index) => slimItem(item, sourceOf(item, index)));
}

/**
 * Finds what items were made from in a list: most were made in its order, some of them left out, or all of its first. Others are not looked
 * for, which would cost more than it saves.
 */
function sourceFinder(list: readonly Item[]): (item: Item, index: number) => Item | undefined {
  let next = 0;
  return ({ from: [id] }, index) => {
    for (const source of [list[index], list[0]]) if (source && source.id === id) return source;
    while (next < list.length) {
      const source = list[next++];
      if (source?.id === id) return source;
    }
    return undefined;
  };
}

function slimItem(item: Item, source: Item | undefined): SlimItem {
  if (!source) return item;
  const { id, from, value, file, fields } = item;
  // The same object or scalar: to compare more would cost more than it saves.
  const isKept = value === source.value && file === source.file;
  const grown = grownFields(source.fields, fields);
  if (grown === undefined) return isKept ? { id, kept: true, fields, from } : item;
  if (isKept) return { id, grown, from };
  if (file !== undefined) return { id, file, grown, from };
  return value === undefined ? item : { id, value, grown, from };
}

/** What makes the one of the other; undefined where some are gone or stand in another order. */
function grownFields(before: JsonObject, fields: JsonObject): JsonObject | undefined {
  const names = Object.keys(before);
  const grown: JsonObject = {};
  let place = 0;
  for (const name in fields) {
    const value = fields[name];
    if (place < names.length) {
      if (names[place++] !== name) return undefined;
      if (before[name] === value) continue;
    }
    grown[name] = value as Json;
  }
  return place < names.length ? undefined : grown;
}

/** The steps that {@link slimSteps} was given. Whole ones, as they were written before, stay as they are. */
export function wholeSteps(steps: readonly SlimStep[]): Step[] {
  const before = new Map<string, Item>();
  return steps.map((slim) => {
    const outputs: PortItems = {};
    for (const [port, items] of Object.entries(slim.outputs)) {
      const whole = items.map((item) => wholeItem(item, before));
      outputs[port] = whole;
      for (const item of whole) before.set(item.id, item);
    }
    return { ...BLANK, ...slim, outputs } as Step; // What was read from JSON has nothing undefined in it.
  });
}

function wholeItem(item: SlimItem, before: ReadonlyMap<string, Item>): Item {
  if (!('grown' in item || 'kept' in item)) return item as Item; // The others are those that were written whole.
  const { id, from, grown } = item;
  const source = before.get(from[0] as string);
  if (!source) throw new Error(`The item ${from[0]}, which ${id} was made from, is missing from the journal.`);
  const fields = item.fields ?? { ...source.fields, ...grown };
  const { value, file } = 'value' in item || 'file' in item ? item : source;
  if (file !== undefined) return { id, file, fields, from };
  return value === undefined ? { id, fields, from } : { id, value, fields, from };
}
