import { type Graph, type GraphNode, type JsonObject, UPSCALE_TIERS, type UpscaleTier } from '@imaginarium/protocol';

/** The node that upscales, in every graph made here. */
export const UPSCALE_NODE = 'upscale';
/** The input that takes the pictures. */
export const PHOTOS_INPUT = 'photo';

/** What the runs of a tier are called, and the workflow that they belong to. */
export function upscaleName(tier: UpscaleTier): string {
  return `Upscale ${UPSCALE_TIERS[tier]}x`;
}

/**
 * The graph that upscales pictures in a tier.
 * @param params of the tier's node.
 * @param many whether a picture that fails is left out, so that the others go on.
 */
export function upscaleGraph(tier: UpscaleTier, params: JsonObject, { many = false } = {}): Graph {
  const policy: Pick<GraphNode, 'policy'> = many ? { policy: { onError: 'skip-item' } } : {};
  return graphAround({ type: `upscaler.${tier}`, name: upscaleName(tier), params, ...policy });
}

/** The graph that brings pictures in and hands them to one node, which has the ports of an upscaler. */
export function graphAround(upscaler: Pick<GraphNode, 'type' | 'name' | 'params' | 'policy'>): Graph {
  const photo = { ...aNode('photo', 'input.image', 'Photo'), position: { x: 0, y: 0 } };
  const upscale: GraphNode = {
    ...aNode(UPSCALE_NODE, upscaler.type, upscaler.name),
    ...{ ...upscaler, position: { x: 320, y: 0 } },
  };
  return {
    schema: 1,
    nodes: [photo, upscale],
    edges: [{ id: 'photo-upscale', from: { node: 'photo', port: 'image' }, to: { node: UPSCALE_NODE, port: 'image' } }],
    inputs: [{ key: PHOTOS_INPUT, title: 'Photo', to: [{ node: 'photo', param: 'images' }] }],
    notes: [],
    settings: {},
  };
}

function aNode(id: string, type: string, name: string) {
  return { id, type, version: 1, name, params: {} };
}
