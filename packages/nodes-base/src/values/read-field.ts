import { type FileRef, type InputItem, isFileRef, type Json, NonRetryableError } from '@imaginarium/node-sdk';

/** An item of any kind, as a node that sees the whole list gets it. */
export type AnyItem = InputItem<Json | FileRef>;

/** What the forms of nodes say of a param that {@link readField} reads. */
export const FIELD_HELP = 'The name of a field, such as price. Also value, file.name, file.width and file.bytes.';

/**
 * What an item holds under a name. A field of exactly that name comes first, as columns of a table may have dots in their names; then
 * a path with dots into a field, `value` or `file`. A leading `item.`, as in expressions, may be there or not.
 * @returns undefined where the item has nothing of that name, and for nothing at all (`null`).
 */
export function readField(item: AnyItem, name: string): Json | undefined {
  if (Object.hasOwn(item.fields, name)) return item.fields[name] ?? undefined;
  const [root = '', ...path] = name.replace(/^item\./, '').split('.');
  let found = rootOf(item, root);
  for (const key of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Record<string, Json>)[key]; // A list is read by the position of its entry.
  }
  return found ?? undefined;
}

/**
 * The same of every item, in order.
 * @param param what the form calls the param that holds the name.
 * @throws {NonRetryableError} for a name that none of the items knows, as it would be a slip of the pen.
 */
export function readFields(items: readonly AnyItem[], name: string, param: string): (Json | undefined)[] {
  const wanted = name.trim();
  if (wanted === '')
    throw new NonRetryableError(`${param}: expected the name of a field, received nothing. ${known(items)}`);
  const values = items.map((item) => readField(item, wanted));
  if (items.length > 0 && values.every((value) => value === undefined))
    throw new NonRetryableError(
      `${param}: none of the ${items.length} items has anything called "${wanted}". ${known(items)} Write the bare name, without braces.`,
    );
  return values;
}

function rootOf({ value, fields }: AnyItem, root: string): Json | undefined {
  if (Object.hasOwn(fields, root)) return fields[root];
  if (root === 'file') return isFileRef(value) ? (value as Json) : undefined; // Files are JSON too.
  return root === 'value' && !isFileRef(value) ? value : undefined;
}

function known(items: readonly AnyItem[]): string {
  const names = new Set(items.slice(0, 100).flatMap(({ fields }) => Object.keys(fields)));
  if (names.size === 0) return 'They have no fields.';
  const shown = [...names].slice(0, 8).join(', ');
  return `They have ${shown}${names.size > 8 ? ` and ${names.size - 8} more` : ''}.`;
}
