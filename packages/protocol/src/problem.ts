import { z } from 'zod';

/** Everything that can be wrong with a graph. Codes are stable: screens and tests key on them. */
export const PROBLEM_CODES = [
  'not-a-graph',
  'forbidden-key',
  'too-deep',
  'too-large',
  'too-many-nodes',
  'empty',
  'duplicate-node',
  'duplicate-edge',
  'duplicate-input',
  'duplicate-wire',
  'edge-without-node',
  'unknown-port',
  'wrong-port-type',
  'port-taken',
  'cycle',
  'unknown-node-type',
  'unknown-param',
  'wrong-param',
  'missing-param',
  'missing-wire',
  'expression-broken',
  'unknown-input-target',
  'unknown-parent',
  'unknown-fallback',
  'not-a-loop',
  'too-deep-loops',
  'crossing-wire',
  'not-in-loops',
  'loop-policy',
] as const;
export type ProblemCode = (typeof PROBLEM_CODES)[number];

/** One thing wrong with a graph: what, where, and what to do about it. */
export const problemSchema = z.strictObject({
  code: z.enum(PROBLEM_CODES),
  message: z.string(),
  remedy: z.string(),
  /** `error` keeps the graph from being saved, `blocked` only from being run. */
  severity: z.enum(['error', 'blocked']),
  node: z.string().optional(),
  edge: z.string().optional(),
  port: z.string().optional(),
  /** Path of a param inside the node, or of the value inside the document. */
  path: z.string().optional(),
});
export type Problem = z.infer<typeof problemSchema>;
