/** The ids of files that stored JSON names. Something else that looks like one may be among them. */
export function fileIdsIn(json: string): Set<string> {
  // Most of what is stored names no file, and is asked in one go; a longer word is looked for faster.
  if (!json.includes('"mime":')) return new Set();
  return new Set(Array.from(json.matchAll(/"([0-9a-f]{64})"/g), ([, id]) => id as string)); // The pattern has one group.
}
