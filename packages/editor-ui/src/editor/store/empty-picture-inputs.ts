import type { Graph, NodeCatalogue } from '@imaginarium/protocol';
import { assetParamFor } from '../run/upload-files.ts';
import { filesIn } from './upload-slice.ts';

/** The nodes that take pictures and hold none yet. */
export function emptyPictureInputs({ graph, catalogue }: { graph: Graph; catalogue: NodeCatalogue }): string[] {
  return graph.nodes.flatMap((node) => {
    const description = catalogue.describe(node.type, node.version);
    const param = description && assetParamFor(description, 'image');
    return param && filesIn(node.params[param]).length === 0 ? [node.id] : [];
  });
}
