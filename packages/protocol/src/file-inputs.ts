import type { Graph } from './graph.ts';
import type { Json, JsonObject } from './json.ts';
import type { NodeCatalogue } from './node-description.ts';
import { fileRefOf, storedFileSchema } from './resources.ts';

/**
 * What a run is asked with, where a file may be given as its upload was answered: with the time it was stored. A run's inputs hold
 * references, so that the time is left out here. Only inputs that fill params for files are looked at; all others stay as they came.
 * @param catalogue tells which params take files.
 */
export function fileInputs(graph: Graph, inputs: JsonObject, catalogue: Pick<NodeCatalogue, 'describe'>): JsonObject {
  const changed = graph.inputs.flatMap(({ key, to }): [string, Json][] => {
    const value = Object.hasOwn(inputs, key) ? inputs[key] : undefined;
    if (typeof value !== 'object' || value === null) return [];
    const takesFiles = to.some((target) => {
      const node = graph.nodes.find(({ id }) => id === target.node);
      return node && catalogue.describe(node.type, node.version)?.params[target.param]?.kind === 'asset';
    });
    return takesFiles ? [[key, Array.isArray(value) ? value.map(asReference) : asReference(value)]] : [];
  });
  return changed.length === 0 ? inputs : { ...inputs, ...Object.fromEntries(changed) };
}

function asReference(value: Json): Json {
  const stored = storedFileSchema.safeParse(value);
  return stored.success ? (fileRefOf(stored.data) as JsonObject) : value;
}
