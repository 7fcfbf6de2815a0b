import {
  type GraphNode,
  type JsonObject,
  type NodeCatalogue,
  refuseParamValue,
  UPSCALE_TIERS,
  type UpscaleTier,
  upscaleTierSchema,
} from '@imaginarium/protocol';
import { CliError } from '../cli-error.ts';

/** What somebody asked for on the command line. */
export interface UpscaleWish {
  tier?: string;
  /** 2k, 4k, 8k, or a width and height such as 3000x2000, of which one may be left out. */
  target?: string;
  model?: string;
  format?: string;
}

/** The node that does it. */
export interface UpscaleNode extends Pick<GraphNode, 'type' | 'version' | 'name'> {
  params: JsonObject;
  /** Null for a size. */
  tier: UpscaleTier | null;
}

const DEFAULT_TIER = 'standard';

/** Finds the node that does what was asked, and what it calls its params. @throws {CliError} that names the option, what was expected and what came. */
export function upscaleNode({ tier, target, model, format }: UpscaleWish, catalogue: NodeCatalogue): UpscaleNode {
  if (tier !== undefined && target !== undefined)
    throw new CliError('--tier and --target: a tier multiplies, a target is a size. Give one of the two.', 2);
  const chosen = { ...(model === undefined ? {} : { model }), ...(format === undefined ? {} : { format }) };
  const node =
    target === undefined
      ? tierNode(tier ?? DEFAULT_TIER, chosen)
      : {
          ...{ type: 'upscaler.to-size', version: 1, tier: null },
          name: `Upscale to ${target}`,
          params: { ...sizeOf(target), ...chosen },
        };
  const specs = catalogue.describe(node.type, node.version)?.params ?? {};
  for (const [key, value] of Object.entries(node.params)) {
    const spec = specs[key];
    const refusal = spec && refuseParamValue(spec, value);
    if (refusal) throw new CliError(`--${['width', 'height'].includes(key) ? `target: ${key}` : key}: ${refusal}`, 2);
  }
  return node;
}

function tierNode(asked: string, params: JsonObject): UpscaleNode {
  const { data: tier } = upscaleTierSchema.safeParse(asked);
  if (!tier)
    throw new CliError(`--tier: expected one of ${upscaleTierSchema.options.join(', ')}, received "${asked}"`, 2);
  return { type: `upscaler.${tier}`, version: 1, name: `Upscale ${UPSCALE_TIERS[tier]}x`, params, tier };
}

function sizeOf(target: string): JsonObject {
  if (/^[248]k$/i.test(target)) return { target: target.toLowerCase() };
  const [, width, height] = /^(\d*)x(\d*)$/i.exec(target) ?? [];
  if (!width && !height)
    throw new CliError(
      `--target: expected 2k, 4k, 8k, or a width and height such as 3000x2000, 3000x or x2000, received "${target}"`,
      2,
    );
  return { target: 'custom', width: Number(width || 0), height: Number(height || 0) };
}
