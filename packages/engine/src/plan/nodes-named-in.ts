import { hasExpression, type Json, parseTemplate } from '@imaginarium/protocol';

/** The names of the nodes that the expressions of a value look into: `nodes["Upscale"]` names `Upscale`. */
export function nodesNamedIn(value: Json): string[] {
  if (typeof value === 'string') {
    if (!hasExpression(value)) return [];
    return parseTemplate(value).flatMap((segment) => {
      if (segment.type === 'code') return namedInCode(segment.source);
      if (segment.type !== 'path' || segment.path[0] !== 'nodes') return [];
      return typeof segment.path[1] === 'string' ? [segment.path[1]] : [];
    });
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(nodesNamedIn) : [];
}

/** Names written out in code. One that the code makes up as it goes cannot be known before the run, and orders nothing. */
function namedInCode(source: string): string[] {
  return (source.match(/\bnodes\s*(?:\.\s*[\w$]+|\[\s*(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*\])/g) ?? []).flatMap(
    (written) => {
      const [segment] = parseTemplate(`{{ ${written.replaceAll(/\s*([.[\]])\s*/g, '$1')} }}`);
      return segment?.type === 'path' && typeof segment.path[1] === 'string' ? [segment.path[1]] : [];
    },
  );
}
