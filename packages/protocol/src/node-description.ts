import { z } from 'zod';
import { type ParamSpec, paramSpecSchema } from './param.ts';
import { portTypeSchema } from './port-type.ts';
import { TRIGGER_KINDS } from './trigger.ts';

/** The palette's sections, in the order they are shown. */
export const NODE_GROUPS = [
  'input',
  'generator',
  'processing',
  'upscaler',
  'carousel',
  'storage',
  'flow',
  'messaging',
  'code',
] as const;
export type NodeGroup = (typeof NODE_GROUPS)[number];

const portKey = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/)
  // `fields` is what a node returns beside its ports; `error` is the port that a policy adds.
  .refine((key) => key !== 'fields' && key !== 'error', 'the port names "fields" and "error" are taken');

export const portSpecSchema = z.strictObject({
  type: portTypeSchema,
  title: z.string().optional(),
  /** The node runs without a wire on this port. Outputs ignore it. */
  optional: z.boolean().optional(),
  /** Takes several wires; their items follow one another in the order the wires were drawn. */
  many: z.boolean().optional(),
});
export type PortSpec = z.infer<typeof portSpecSchema>;

/**
 * The inside of a loop node. What is wired inside it runs once in each iteration: `each` divides the items of an input among its
 * iterations, which may run at the same time; `repeat` runs again with what the last iteration brought.
 */
export const loopBodySchema = z.strictObject({
  loop: z.enum(['each', 'repeat']),
  /** Ports on the inside that give to the nodes there: the items of the input `of`, all of them in every iteration where it is `whole`. */
  gives: z.record(portKey, portSpecSchema.extend({ of: portKey, whole: z.boolean().optional() })),
  /** Ports on the inside that take what an iteration brings; it leaves the loop by the output `into`. */
  takes: z.record(portKey, portSpecSchema.extend({ into: portKey })),
  /** Of a loop that repeats: the output for what reached the limit and is not done. */
  unfinished: portKey.optional(),
});
export type LoopBody = z.infer<typeof loopBodySchema>;

/** What executing a node does to the world. pure: may be cached; idempotent: may be repeated; once: never repeated blindly. */
export const effectsSchema = z.enum(['pure', 'idempotent', 'once']);
export type Effects = z.infer<typeof effectsSchema>;

/**
 * A node type as plain data: the manifest that the editor draws its form from. Prices and resources that depend on params are
 * functions of the node and appear here as `formula`.
 */
export const nodeDescriptionSchema = z.strictObject({
  type: z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/),
  version: z.int().min(1),
  title: z.string().min(1).max(60),
  summary: z.string().min(1).max(200),
  group: z.enum(NODE_GROUPS),
  /** Name of a lucide icon. */
  icon: z.string(),
  /** Words a search finds it by, beside its title. */
  aliases: z.array(z.string()).optional(),
  /** Longer help in Markdown. */
  docs: z.string().optional(),
  inputs: z.record(portKey, portSpecSchema),
  outputs: z.record(portKey, portSpecSchema),
  params: z.record(z.string(), paramSpecSchema),
  credentials: z.record(z.string(), z.strictObject({ type: z.string(), optional: z.boolean().optional() })),
  credits: z.union([z.int().min(0), z.literal('formula')]),
  resources: z.union([z.strictObject({ pool: z.string(), memoryMb: z.int().min(0) }), z.literal('formula')]).optional(),
  /** How urgent runs with this node are: the highest among the nodes of a graph counts. Default 5. */
  priority: z.int().min(1).max(10).optional(),
  /** Most items that nodes of this type work on at the same time in one worker. */
  concurrency: z.int().min(1).optional(),
  /** Its inside, when it is a loop that other nodes are placed in. */
  body: loopBodySchema.optional(),
  /** What starts runs at this node; absent on nodes that only work in them. */
  trigger: z.enum(TRIGGER_KINDS).optional(),
  effects: effectsSchema,
  /**
   * It may wait for something, and holds no worker meanwhile: how long it took says nothing of how long it will take. `runs`: for runs that it
   * starts, whose price nobody knows before.
   */
  waits: z.union([z.literal(true), z.literal('runs')]).optional(),
  mode: z.enum(['each', 'all']),
  /** Quotes: `at-most`: fewer items may leave than it says; `unknown`: nobody knows how many before it has executed. */
  counts: z.enum(['at-most', 'unknown']).optional(),
  /** Milliseconds one item usually takes: the estimate until this machine has measured its own. */
  typicalMs: z.number().min(0),
  /** The params named in the one line a node's card shows. */
  headline: z.array(z.string()).optional(),
  /** Earlier versions whose params this one takes over: it has an upgrade from each. */
  upgradesFrom: z.array(z.int().min(1)).optional(),
});
export type NodeDescription = z.infer<typeof nodeDescriptionSchema> & { params: Record<string, ParamSpec> };

/** A node package as the server lists it: what it brings, or the error that kept it, or what was last saved of it, out. */
export const nodePackageSchema = z.strictObject({
  name: z.string(),
  version: z.string(),
  state: z.enum(['loaded', 'failed']),
  error: z.string().optional(),
  types: z.array(z.string()),
  /** Whether it is loaded anew when its files change: live connections are then told of it. */
  development: z.boolean().optional(),
  /** Of a package that is not trusted and executes in processes of its own: the hosts that it may call, and nothing else. */
  confined: z.strictObject({ net: z.array(z.string()) }).optional(),
});
export type NodePackage = z.infer<typeof nodePackageSchema>;

/** What is known of the installed node types. */
export interface NodeCatalogue {
  /**
   * The same object for as long as the catalogue stays the same: meanwhile, what was found out about a graph by it holds. Left out: nothing
   * is held on to.
   */
  readonly edition?: object | undefined;
  /** A node type at exactly this version. */
  describe(type: string, version: number): NodeDescription | undefined;
  /** The installed versions of a node type, the newest first; none when the type is not installed. */
  versionsOf(type: string): readonly NodeDescription[];
  /** The installed package that brings a type, or others of its namespace: the one to update when a version is missing. */
  packageFor(type: string): string | undefined;
}

/** A catalogue over a list of descriptions, and the packages that bring them. */
export function catalogueOf(
  descriptions: Iterable<NodeDescription>,
  packages: Iterable<Pick<NodePackage, 'name' | 'types'>> = [],
): NodeCatalogue {
  const all = [...descriptions];
  const byKey = new Map(all.map((entry) => [`${entry.type}@${entry.version}`, entry]));
  const byType = Map.groupBy(
    all.toSorted((a, b) => b.version - a.version),
    ({ type }) => type,
  );
  const owners = new Map<string, string>();
  for (const { name, types } of packages)
    for (const type of types) {
      owners.set(type, name);
      const namespace = namespaceOf(type);
      if (!owners.has(namespace)) owners.set(namespace, name);
    }
  return {
    edition: byKey,
    describe: (type, version) => byKey.get(`${type}@${version}`),
    versionsOf: (type) => byType.get(type) ?? [],
    packageFor: (type) => owners.get(type) ?? owners.get(namespaceOf(type)),
  };
}

/** The first word of a node type: `acme` of `acme.sepia`. */
export function namespaceOf(type: string): string {
  return type.split('.', 1)[0] as string;
}
