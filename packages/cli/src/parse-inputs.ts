import type { FileRef, Graph, Json, JsonObject, NodeCatalogue, ParamSpec } from '@imaginarium/protocol';
import { refuseParamValue } from '@imaginarium/protocol';
import { CliError } from './cli-error.ts';

/**
 * Reads `name=value` pairs as the inputs a graph asks for. A value is read by the kind of the param it fills: files are taken in by `addFile`.
 * The same name several times gives a list, where the param takes one.
 * @throws {CliError} that names the input, what was expected and what came.
 */
export async function parseInputs(
  graph: Graph,
  pairs: readonly string[],
  catalogue: NodeCatalogue,
  addFile: (path: string) => Promise<FileRef>,
): Promise<JsonObject> {
  const inputs: JsonObject = {};
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at < 1) throw new CliError(`--input: expected name=value, received "${pair}"`, 2);
    const [key, text] = [pair.slice(0, at), pair.slice(at + 1)];
    const spec = specOf(graph, key, catalogue);
    const value = await parseValue(spec, key, text, addFile);
    const earlier = inputs[key];
    inputs[key] = earlier === undefined ? value : ([earlier, value].flat() as Json);
  }
  for (const [key, value] of Object.entries(inputs)) {
    const refusal = refuseParamValue(specOf(graph, key, catalogue), value);
    if (refusal) throw new CliError(`--input ${key}: ${refusal}`, 2);
  }
  return inputs;
}

function specOf(graph: Graph, key: string, catalogue: NodeCatalogue): ParamSpec {
  const input = graph.inputs.find((entry) => entry.key === key);
  const [target] = input?.to ?? [];
  const node = graph.nodes.find((entry) => entry.id === target?.node);
  const spec = node && target && catalogue.describe(node.type, node.version)?.params[target.param];
  if (spec) return spec;
  const known = graph.inputs.map((entry) => entry.key).join(', ');
  throw new CliError(`--input ${key}: this workflow asks for ${known || 'no inputs'}`, 2);
}

async function parseValue(
  spec: ParamSpec,
  key: string,
  text: string,
  addFile: (path: string) => Promise<FileRef>,
): Promise<Json> {
  switch (spec.kind) {
    case 'asset':
      try {
        return { ...(await addFile(text)) } as JsonObject;
      } catch (error) {
        const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
        const message = missing ? `there is no file ${text}` : (error as Error).message;
        throw new CliError(`--input ${key}: ${message}`, 2, { cause: error });
      }
    case 'number':
    case 'slider':
      return text.trim() === '' ? text : Number(text);
    case 'toggle':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'json':
    case 'key-value':
      try {
        return JSON.parse(text) as Json;
      } catch (error) {
        throw new CliError(`--input ${key}: expected JSON, received ${text}`, 2, { cause: error });
      }
    case 'choices':
    case 'list':
      return [text];
    default:
      return text;
  }
}
