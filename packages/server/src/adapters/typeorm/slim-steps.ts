import type { Item, JsonObject, PortItems, Step } from '@imaginarium/protocol';

/** A step of which nothing is known: what a step still says of this is left out. */
const BLANK: Readonly<Omit<Step, 'failedItems'>> = {
  ...{ node: '', iteration: '', name: '', type: '', state: 'pending', attempts: 0, startedAt: null, finishedAt: null },
  ...{ itemsIn: 0, itemsFailed: 0, outputs: {}, credits: 0, error: null, reason: null },
};

/** An item as it is, or by what it has beside the item that it was made from. */
type SlimItem = Item | GrownItem;

interface GrownItem extends Pick<Item, 'id' | 'from' | 'value' | 'file'> {
  /** Fields that it has beside those of the item before it, or instead of them. Its value or file is left out where it is the same. */
  grown: JsonObject;
}

/** A step as a row of the journal has it. */
export type SlimStep = Partial<Omit<Step, 'outputs'>> & { outputs: Record<string, SlimItem[]> };

/**
 * Steps without what goes without saying. Items carry their value and fields from node to node, so that a chain of nodes would have the same
 * written down again and again: an item is written as what it has beside the one it was made from, where that stands before it.
 */
export function slimSteps(steps: readonly Step[]): SlimStep[] {
  const before = new Map<string, Item>();
  return steps.map((step) => {
    const slim: Record<string, unknown> = {};
    for (const key in step) {
      const value = step[key as keyof Step];
      if (value !== BLANK[key as keyof typeof BLANK]) slim[key] = value;
    }
    slim.outputs = slimOutputs(step.outputs, before);
    return slim as SlimStep; // Every property of the step but those that are blank.
  });
}

function slimOutputs(outputs: PortItems, before: Map<string, Item>): Record<string, SlimItem[]> {
  const slim: Record<string, SlimItem[]> = {};
  for (const port in outputs) {
    const items = outputs[port] as Item[];
    slim[port] = items.map((item) => slimItem(item, before));
    for (const item of items) before.set(item.id, item);
  }
  return slim;
}

function slimItem(item: Item, before: ReadonlyMap<string, Item>): SlimItem {
  const { id, from, value, file } = item;
  const source = from[0] === undefined ? undefined : before.get(from[0]);
  const grown = source && grownFields(source.fields, item.fields);
  if (!grown) return item;
  // The same object or scalar: to compare more would cost more than it saves.
  if (value === source.value && file === source.file) return { id, grown, from };
  if (file !== undefined) return { id, file, grown, from };
  return value === undefined ? item : { id, value, grown, from };
}

/** What makes the one of the other; undefined where some are gone or stand in another order. */
function grownFields(before: JsonObject, fields: JsonObject): JsonObject | undefined {
  const keys = Object.keys(fields);
  let place = 0;
  for (const key in before) if (key !== keys[place++]) return undefined;
  const grown: JsonObject = {};
  for (const [index, key] of keys.entries())
    if (index >= place || fields[key] !== before[key]) grown[key] = fields[key] as JsonObject;
  return grown;
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
    return { ...BLANK, ...slim, outputs };
  });
}

function wholeItem(item: SlimItem, before: ReadonlyMap<string, Item>): Item {
  if (!('grown' in item)) return item;
  const { id, from, grown } = item;
  const source = before.get(from[0] as string);
  if (!source) throw new Error(`The item ${from[0]}, which ${id} was made from, is missing from the journal.`);
  const fields = { ...source.fields, ...grown };
  const { value, file } = 'value' in item || 'file' in item ? item : source;
  return file === undefined
    ? { id, ...(value === undefined ? {} : { value }), fields, from }
    : { id, file, fields, from };
}
