import type { NodeDescription } from '@imaginarium/protocol';

const MIME = 'application/x-imaginarium-node';

/** Puts a node type on a drag that begins in the palette. */
export function startNodeDrag(transfer: DataTransfer, description: NodeDescription): void {
  transfer.setData(MIME, JSON.stringify([description.type, description.version]));
  transfer.effectAllowed = 'copy';
}

/** Whether a drag carries a node type; its name can only be read when it is dropped. */
export function carriesNode(transfer: DataTransfer): boolean {
  return transfer.types.includes(MIME);
}

/** The node type that was dropped, among those that are installed. */
export function droppedType(transfer: DataTransfer, types: readonly NodeDescription[]): NodeDescription | undefined {
  const text = transfer.getData(MIME);
  return types.find((entry) => JSON.stringify([entry.type, entry.version]) === text);
}
