import { hasExpression, type Json, parseTemplate } from '@imaginarium/protocol';

/** The names of the nodes that the expressions of a value look into: `nodes["Upscale"]` names `Upscale`. */
export function nodesNamedIn(value: Json): string[] {
  if (typeof value === 'string') {
    if (!hasExpression(value)) return [];
    return parseTemplate(value).flatMap((segment) => {
      if (segment.type !== 'path' || segment.path[0] !== 'nodes') return [];
      return typeof segment.path[1] === 'string' ? [segment.path[1]] : [];
    });
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(nodesNamedIn) : [];
}
