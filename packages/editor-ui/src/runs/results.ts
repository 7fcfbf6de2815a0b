import type { FileRef, GraphEdge, PortItems, RunDetail } from '@imaginarium/protocol';

/** The files in the items of all ports, each once, pictures before the rest. */
export function filesIn(outputs: PortItems): FileRef[] {
  const files = new Map<string, FileRef>();
  for (const items of Object.values(outputs)) {
    for (const { file } of items) if (file) files.set(`${file.id}/${file.name}`, file);
  }
  const all = [...files.values()];
  return [...all.filter(({ kind }) => kind === 'image'), ...all.filter(({ kind }) => kind !== 'image')];
}

/**
 * What a run made, the last steps first: the files of every port whose files no later step turned into files of its own. What
 * is only stored or looked at on the way is not shown twice, and an output that nothing is wired to is an end as well.
 */
export function resultsOf({ steps, graph }: Pick<RunDetail, 'steps' | 'graph'>): FileRef[] {
  const givesFiles = new Set(steps.filter(({ outputs }) => filesIn(outputs).length > 0).map(({ node }) => node));
  const wiresFrom = Map.groupBy(graph.edges, ({ from }) => from.node);
  const reachesFiles = (wires: readonly GraphEdge[], seen: Set<string>): boolean =>
    wires.some(({ to }) => {
      if (seen.has(to.node)) return false;
      seen.add(to.node);
      return givesFiles.has(to.node) || reachesFiles(wiresFrom.get(to.node) ?? [], seen);
    });
  const ends = steps.toReversed().flatMap(({ node, outputs }) => {
    const wires = wiresFrom.get(node) ?? [];
    return Object.entries(outputs).filter(
      ([port]) =>
        !reachesFiles(
          wires.filter(({ from }) => from.port === port),
          new Set(),
        ),
    );
  });
  return filesIn(Object.fromEntries(ends.map(([, items], index) => [index, items])));
}

/** What a step says about how it enlarged its pictures, such as that no model was installed; undefined when it says nothing. */
export function upscaleNoteOf(outputs: PortItems): string | undefined {
  for (const { fields } of Object.values(outputs).flat()) {
    const { upscale } = fields;
    if (typeof upscale !== 'object' || upscale === null || Array.isArray(upscale)) continue;
    if (typeof upscale.note === 'string' && upscale.note !== '') return upscale.note;
  }
  return undefined;
}
