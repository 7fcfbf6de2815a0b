import type { FileRef, PortItems, RunDetail } from '@imaginarium/protocol';

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
 * What a run made: the files of the last steps that gave any. A last step that only stores or sends gives none itself, so
 * what went into it counts.
 */
export function resultsOf({ steps, graph }: Pick<RunDetail, 'steps' | 'graph'>): FileRef[] {
  const filesOf = new Map(steps.map((step) => [step.node, filesIn(step.outputs)]));
  const hasFilesAfter = (node: string, seen: Set<string>): boolean =>
    graph.edges.some(({ from, to }) => {
      if (from.node !== node || seen.has(to.node)) return false;
      seen.add(to.node);
      return (filesOf.get(to.node)?.length ?? 0) > 0 || hasFilesAfter(to.node, seen);
    });
  const last = steps.filter(({ node }) => (filesOf.get(node)?.length ?? 0) > 0 && !hasFilesAfter(node, new Set()));
  const made = last.flatMap(({ node }) => filesOf.get(node) ?? []);
  return filesIn({ all: made.map((file) => ({ id: file.id, file, fields: {}, from: [] })) });
}
