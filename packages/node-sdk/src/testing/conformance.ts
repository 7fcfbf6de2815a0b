import { isDeepStrictEqual } from 'node:util';
import {
  elementType,
  type FileRef,
  isListType,
  type Json,
  type JsonObject,
  nodeDescriptionSchema,
  type ParamSpec,
  type PortType,
  refuseParamValue,
} from '@imaginarium/protocol';
import type { NodeDefinition } from '../define-node.ts';
import { sampleParam, samplePng } from './sample.ts';
import { TestFiles } from './test-files.ts';
import { type TestItem, testNode } from './test-node.ts';

/** One promise that every node type keeps. */
export interface ConformanceCheck {
  name: string;
  /** @throws {Error} when the node breaks the promise. */
  run(): Promise<void>;
}

/** What a node needs beyond the samples the suite makes by itself. */
export interface ConformanceSamples {
  params?: JsonObject;
  /** Installs the models that the node needs, and says where. Left out, there are none. */
  modelsFolder?: (() => Promise<string>) | undefined;
  /** Replaces the sample items; receives the files to put bytes in. */
  items?: (files: TestFiles) => Promise<TestItem[]>;
  /** Versions of the type before this one: with them it is checked that this one takes over params such as they had. */
  earlier?: readonly NodeDefinition[];
}

/**
 * The checks that a node type must pass: a complete description, defaults that fit, input left as it was, the same output for the same
 * input when pure, and an end within a second of being aborted. Use with any test runner:
 * `for (const check of nodeConformance(sepia)) it(check.name, check.run)`.
 */
export function nodeConformance(node: NodeDefinition, samples: ConformanceSamples = {}): ConformanceCheck[] {
  const { type } = node.description;
  const checks: ConformanceCheck[] = [
    { name: `${type}: the description is complete`, run: async () => checkDescription(node) },
    { name: `${type}: the defaults fit their params`, run: async () => checkDefaults(node) },
  ];
  // A loop is never executed itself.
  if (node.loop) return checks;
  checks.push(
    { name: `${type}: input is left as it was`, run: () => checkInputUntouched(node, samples) },
    { name: `${type}: stops within a second of being aborted`, run: () => checkAbort(node, samples) },
  );
  if (node.description.effects === 'pure')
    checks.push({ name: `${type}: the same input gives the same output`, run: () => checkPure(node, samples) });
  for (const from of node.description.upgradesFrom ?? [])
    checks.push({
      name: `${type}: an upgrade from version ${from} gives params that fit`,
      run: async () => checkUpgrade(node, from, samples),
    });
  return checks;
}

function checkDescription(node: NodeDefinition): void {
  const parsed = nodeDescriptionSchema.safeParse(JSON.parse(JSON.stringify(node.description)));
  if (!parsed.success)
    throw new Error(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
  const { headline = [], params } = node.description;
  for (const key of headline) if (!Object.hasOwn(params, key)) throw new Error(`headline: no param is called "${key}"`);
  for (const [key, spec] of Object.entries(params)) {
    for (const other of Object.keys(spec.showWhen ?? {}))
      if (!Object.hasOwn(params, other)) throw new Error(`${key}.showWhen: no param is called "${other}"`);
  }
}

function checkDefaults(node: NodeDefinition): void {
  for (const [key, spec] of Object.entries(node.description.params)) {
    const refusal = refuseParamValue(spec, spec.default as Json);
    if (refusal) throw new Error(`params.${key}.default: ${refusal}`);
  }
}

/** Upgrades a node that has no param stored, and where the version before is known one that has all of them. */
function checkUpgrade(
  { description, upgrade }: NodeDefinition,
  from: number,
  { earlier = [] }: ConformanceSamples,
): void {
  const before = earlier.find((node) => node.description.version === from)?.description;
  if (from >= description.version) throw new Error(`upgrade.${from}: expected a version before ${description.version}`);
  const stored = before ? Object.entries(before.params).map(([key, spec]) => [key, sampleStored(spec)]) : [];
  for (const params of [{}, Object.fromEntries(stored) as JsonObject]) {
    deepFreeze(params);
    const after = upgrade[from]?.(params);
    if (typeof after !== 'object' || after === null) throw new Error(`upgrade.${from}: expected it to return params`);
    for (const [key, value] of Object.entries(after)) {
      const spec = description.params[key];
      const refusal = spec ? refuseParamValue(spec, value) : 'the node has no such param';
      if (refusal) throw new Error(`upgrade.${from} of ${JSON.stringify(params)}: ${key}: ${refusal}`);
    }
  }
}

/** A value that a saved workflow may hold; files are left out, for they belong to a workspace. */
function sampleStored(spec: ParamSpec): Json {
  return spec.kind === 'asset' ? null : sampleParam(spec);
}

async function checkInputUntouched(node: NodeDefinition, samples: ConformanceSamples): Promise<void> {
  await using files = new TestFiles();
  const { params, items, modelsFolder } = await prepare(node, samples, files);
  const before = structuredClone({ params, items });
  deepFreeze(items);
  deepFreeze(params);
  await testNode(node).params(params).items(items).files(files).modelsFolder(modelsFolder).run();
  if (!isDeepStrictEqual(before, { params, items })) throw new Error('The node changed its input or params.');
}

async function checkPure(node: NodeDefinition, samples: ConformanceSamples): Promise<void> {
  await using files = new TestFiles();
  const { params, items, modelsFolder } = await prepare(node, samples, files);
  const [first, second] = [
    await testNode(node).params(params).items(items).files(files).modelsFolder(modelsFolder).run(),
    await testNode(node).params(params).items(items).files(files).modelsFolder(modelsFolder).run(),
  ];
  if (!isDeepStrictEqual(first.outputs, second.outputs)) throw new Error('Two executions of the same input differ.');
}

async function checkAbort(node: NodeDefinition, samples: ConformanceSamples): Promise<void> {
  await using files = new TestFiles();
  const { params, items, modelsFolder } = await prepare(node, samples, files);
  const controller = new AbortController();
  controller.abort();
  const limit = new Promise<'late'>((resolve) => setTimeout(() => resolve('late'), 1000).unref());
  const run = testNode(node)
    .params(params)
    .items(items)
    .files(files)
    .modelsFolder(modelsFolder)
    .signal(controller.signal)
    .run();
  const outcome = await Promise.race([
    run.then(
      () => 'ended',
      () => 'ended',
    ),
    limit,
  ]);
  if (outcome === 'late') throw new Error('The node was still at work a second after it was aborted.');
}

async function prepare(
  node: NodeDefinition,
  samples: ConformanceSamples,
  files: TestFiles,
): Promise<{ params: JsonObject; items: TestItem[]; modelsFolder: string }> {
  const image = await files.write(samplePng(), { name: 'sample.png', mime: 'image/png', width: 64, height: 48 });
  const required = Object.entries(node.description.params).filter(([, spec]) => spec.required);
  const params: JsonObject = Object.fromEntries(required.map(([key, spec]) => [key, requiredParam(spec, image)]));
  const items = samples.items
    ? await samples.items(files)
    : [{ input: await sampleInput(node, files, image), fields: { name: 'sample' } }];
  const modelsFolder = (await samples.modelsFolder?.()) ?? '/nonexistent';
  return { params: { ...params, ...samples.params }, items, modelsFolder };
}

function requiredParam(spec: ParamSpec, image: FileRef): Json {
  if (spec.kind !== 'asset') return sampleParam(spec);
  if (!spec.accept.includes('image')) throw new Error('Give conformance samples for this param: it takes no image.');
  return (spec.multiple ? [image] : image) as Json;
}

async function sampleInput(
  node: NodeDefinition,
  files: TestFiles,
  image: FileRef,
): Promise<Record<string, Json | FileRef>> {
  const input: Record<string, Json | FileRef> = {};
  for (const [key, spec] of Object.entries(node.description.inputs)) {
    const value = await sampleValue(elementType(spec.type), files, image);
    input[key] = isListType(spec.type) ? ([value] as Json) : value;
  }
  return input;
}

async function sampleValue(type: PortType, files: TestFiles, image: FileRef): Promise<Json | FileRef> {
  switch (type) {
    case 'image':
      return image;
    case 'number':
      return 3;
    case 'boolean':
      return true;
    case 'json':
      return { name: 'sample', count: 3 };
    case 'document':
      return files.write(new TextEncoder().encode('name,count\nsample,3\n'), { name: 'sample.csv' });
    case 'video':
    case 'audio':
      throw new Error(`Give conformance samples for this node: the suite makes no ${type}.`);
    default:
      return 'sample';
  }
}

function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const entry of Object.values(value)) deepFreeze(entry);
}
