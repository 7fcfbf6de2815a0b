import { portKey, type WireEnd } from '../document/fitting-ports.ts';
import { portsOn } from '../document/loops.ts';
import type { Point } from '../document/nodes.ts';
import type { EditorState } from '../store/editor-store.ts';

type Seen = Pick<EditorState, 'graph' | 'catalogue' | 'selection' | 'focusedPort'>;

/** The port after the one the keyboard stands on, on the selected node: outputs first, as most wires are drawn forwards. */
export function nextPort({ graph, catalogue, selection, focusedPort }: Seen): WireEnd | null {
  const node = graph.nodes.find((entry) => entry.id === selection.nodes.at(-1));
  const description = node && catalogue.describe(node.type, node.version);
  if (!node || !description) return null;
  const ports: WireEnd[] = [
    ...Object.keys(portsOn('output', node, description)).map((port) => ({
      node: node.id,
      port,
      side: 'output' as const,
    })),
    ...Object.keys(portsOn('input', node, description)).map((port) => ({
      node: node.id,
      port,
      side: 'input' as const,
    })),
  ];
  const at = ports.findIndex(
    (port) => port.node === focusedPort?.node && port.port === focusedPort.port && port.side === focusedPort.side,
  );
  return ports[(at + 1) % Math.max(ports.length, 1)] ?? null;
}

/** Where a port stands in the window. */
export function portPlace({ node, port, side }: WireEnd): Point {
  const handle = document.querySelector(`[data-port="${CSS.escape(portKey(node, side, port))}"]`);
  const box = handle?.getBoundingClientRect();
  return box ? { x: box.right + 8, y: box.top } : { x: window.innerWidth / 2, y: window.innerHeight / 3 };
}
