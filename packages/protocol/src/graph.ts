import { z } from 'zod';
import { jsonObjectSchema, portItemsSchema } from './item.ts';

/** What a graph may be at most. A server's settings can raise these; nothing lowers them. */
export interface GraphLimits {
  nodes: number;
  /** Bytes of the graph as one line of JSON in UTF-8. */
  bytes: number;
  /** Nesting of the JSON document. */
  depth: number;
  /** Characters of a name. */
  nameLength: number;
}
export const DEFAULT_GRAPH_LIMITS: GraphLimits = { nodes: 1000, bytes: 5_000_000, depth: 32, nameLength: 200 };

const id = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'expected 1 to 64 letters, digits, - or _');
const name = z.string().min(1).max(DEFAULT_GRAPH_LIMITS.nameLength);
const portName = z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, 'expected a port name');
const position = z.strictObject({ x: z.number(), y: z.number() });
const size = z.strictObject({ width: z.number().positive(), height: z.number().positive() });
const durationMs = z.int().min(1).max(2_592_000_000);

export const retryPolicySchema = z.strictObject({
  /** Tries in all, the first one included. */
  attempts: z.int().min(1).max(20).default(1),
  backoffMs: z.int().min(0).max(3_600_000).default(500),
  factor: z.number().min(1).max(10).default(2),
  jitter: z.boolean().default(true),
});
export type RetryPolicy = z.infer<typeof retryPolicySchema>;

/**
 * What happens to an item whose last attempt failed: the run stops, the item is left out, the item goes out by the port
 * `error`, or the named node executes in this node's place.
 */
export const onErrorSchema = z.union([z.enum(['stop', 'skip-item', 'error-port']), z.strictObject({ fallback: id })]);

export const nodePolicySchema = z.strictObject({
  retry: retryPolicySchema.optional(),
  /** Limit of one attempt at one item. */
  timeoutMs: durationMs.optional(),
  onError: onErrorSchema.optional(),
  /** Whether a pure node may answer from the cache; it may unless this says false. */
  cache: z.boolean().optional(),
  /**
   * What becomes of a step with effects that must not be repeated when its worker died in the middle of it: it fails, unless this says
   * that it is executed again with the same idempotency key.
   */
  onUnknownOutcome: z.enum(['fail', 'retry']).optional(),
});
export type NodePolicy = z.infer<typeof nodePolicySchema>;

export const graphNodeSchema = z.strictObject({
  id,
  /** The node type, such as `upscaler.free`. */
  type: z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'expected a namespaced node type such as upscaler.free'),
  version: z.int().min(1),
  name,
  params: jsonObjectSchema.default({}),
  credentials: z.record(z.string(), z.string()).optional(),
  policy: nodePolicySchema.optional(),
  disabled: z.boolean().optional(),
  /** Items by output port that stand in for executing the node, in runs of the draft from the editor and in no others. */
  pinned: portItemsSchema.optional(),
  notes: z.string().max(10_000).optional(),
  /** Place on the canvas; that of a node in a loop as well counts from the origin of the canvas, not from the loop. */
  position: position.default({ x: 0, y: 0 }),
  /** How large the frame of a loop is drawn, at least: it grows around what stands in it. */
  size: size.optional(),
  /** The container node this one is placed in; null at the top level. */
  parent: id.nullish(),
});
export type GraphNode = z.infer<typeof graphNodeSchema>;

export const graphEdgeSchema = z.strictObject({
  id,
  from: z.strictObject({ node: id, port: portName }),
  to: z.strictObject({ node: id, port: portName }),
});
export type GraphEdge = z.infer<typeof graphEdgeSchema>;

/**
 * Something a run asks for. It is bound to params of nodes, whose kind, limits and help it takes over, so that the run form can
 * never drift from the node; the params' stored values are its defaults.
 */
export const graphInputSchema = z.strictObject({
  key: z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, 'expected a name of letters, digits, - or _'),
  title: z.string().min(1).max(80).optional(),
  to: z.array(z.strictObject({ node: id, param: z.string() })).min(1),
});
export type GraphInput = z.infer<typeof graphInputSchema>;

export const canvasNoteSchema = z.strictObject({
  id,
  kind: z.enum(['note', 'frame']),
  text: z.string().max(10_000),
  position,
  size,
  colour: z.string().optional(),
});
export type CanvasNote = z.infer<typeof canvasNoteSchema>;

export const graphSettingsSchema = z.strictObject({
  /** Limit of a whole run. */
  timeoutMs: durationMs.optional(),
  /** Items worked on at the same time in one run. */
  concurrency: z.int().min(1).max(64).optional(),
  /** The bundle of the price list whose discount the workflow takes; it counts when all of its node types execute. */
  bundle: z.string().max(64).optional(),
  /** The workflow started when a run of this one fails. */
  onFailure: z.string().optional(),
});

/** The document that the editor saves, the API runs, and export and import carry: one format everywhere. */
export const graphSchema = z.strictObject({
  schema: z.literal(1),
  nodes: z.array(graphNodeSchema),
  edges: z.array(graphEdgeSchema),
  inputs: z.array(graphInputSchema).default([]),
  notes: z.array(canvasNoteSchema).default([]),
  settings: graphSettingsSchema.default({}),
});
export type Graph = z.infer<typeof graphSchema>;

/** A graph with nothing in it. */
export function emptyGraph(): Graph {
  return { schema: 1, nodes: [], edges: [], inputs: [], notes: [], settings: {} };
}
