import type { NodeDescription } from '@imaginarium/protocol';
import { fittingPorts, portFor } from '../document/fitting-ports.ts';
import type { EditorState } from '../store/editor-store.ts';
import type { QuickAdd } from '../store/view-slice.ts';
import { newestTypes, searchTypes } from './search-types.ts';

/** Something that the quick palette offers: a new node, or a port that is already there. */
export type QuickChoice =
  | { kind: 'type'; key: string; description: NodeDescription; port: string | undefined }
  | { kind: 'port'; key: string; description: NodeDescription; node: string; name: string; port: string };

/** What can be picked: with a wire waiting, only what it fits; ports that are there first, where the keyboard asks for them. */
export function quickChoices(
  state: Pick<EditorState, 'graph' | 'catalogue' | 'types'>,
  { from, withPorts }: QuickAdd,
  query: string,
): QuickChoice[] {
  const { graph, catalogue, types } = state;
  const found = searchTypes(newestTypes(types), query);
  const adding = found.flatMap((description): QuickChoice[] => {
    const port = from && portFor(description, graph, from, catalogue);
    return from && !port ? [] : [{ kind: 'type', key: description.type, description, port }];
  });
  if (!from || !withPorts) return adding;
  const wanted = query.trim().toLowerCase();
  const there = [...fittingPorts(graph, from, catalogue)].flatMap((key): QuickChoice[] => {
    const [id, , port] = key.split(' ') as [string, string, string];
    const node = graph.nodes.find((entry) => entry.id === id);
    const description = node && catalogue.describe(node.type, node.version);
    if (!node || !description || !node.name.toLowerCase().includes(wanted)) return [];
    return [{ kind: 'port', key, description, node: id, name: node.name, port }];
  });
  return [...there, ...adding];
}
