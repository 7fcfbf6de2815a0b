import { NodeRegistry } from '@imaginarium/engine';
import nodesBase from '@imaginarium/nodes-base';
import nodesUpscaler from '@imaginarium/nodes-upscaler';
import {
  canvasNoteSchema,
  DEFAULT_GRAPH_LIMITS,
  ERROR_PORT,
  graphEdgeSchema,
  graphInputSchema,
  graphNodeSchema,
  graphSchema,
  graphSettingsSchema,
  PROBLEM_CODES,
  paramSpecSchema,
  parseGraph,
  parseTemplate,
  retryPolicySchema,
  validateGraph,
} from '@imaginarium/protocol';
import { describe, expect, test } from 'vitest';
import { codeBlocks, inlineCode, readText } from './markdown.ts';

const page = readText('docs/workflow-format.md');
const blocks = [...page.matchAll(/^```json (\w+)\n([\s\S]*?)^```$/gm)].map(([, part = '', text = '']) => ({
  part,
  text,
}));

const registry = new NodeRegistry();
registry.add({ name: '@imaginarium/nodes-base', version: '0.0.0' }, nodesBase.nodes);
registry.add({ name: '@imaginarium/nodes-upscaler', version: '0.0.0' }, nodesUpscaler.nodes);

const schemas = {
  node: graphNodeSchema,
  edge: graphEdgeSchema,
  input: graphInputSchema,
  settings: graphSettingsSchema,
  note: canvasNoteSchema,
};

/** The cells of the rows of the table below a heading. */
function tableBelow(heading: string): string[][] {
  const section = page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  const rows = section.match(/^\|.*\|$/gm) ?? [];
  return rows.slice(2).map((row) =>
    row
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}

describe('docs/workflow-format.md', () => {
  test('says of every block of JSON what part it is', () => {
    expect(blocks).toHaveLength(codeBlocks(page).filter(({ language }) => language === 'json').length);
    expect(new Set(blocks.map(({ part }) => part))).toEqual(new Set(['graph', ...Object.keys(schemas)]));
  });

  test.each(blocks.filter(({ part }) => part === 'graph'))(
    'shows a graph that is only lacking its photo: $text',
    ({ text }) => {
      const parsed = parseGraph(JSON.parse(text));
      if (!parsed.ok) throw new Error(parsed.problems[0]?.message);
      const open = validateGraph(parsed.graph, registry).filter(
        ({ code, path }) => !(code === 'missing-param' && path === 'images'),
      );
      expect(open).toEqual([]);
    },
  );

  test.each(blocks.filter(({ part }) => part !== 'graph'))('shows a $part as its schema takes it', ({ part, text }) => {
    const value: unknown = JSON.parse(text);
    const schema = schemas[part as keyof typeof schemas];
    expect(schema.parse(value)).toEqual(value);
    // All there is to say about it is shown, but for credentials, which no node on this page needs.
    const keys = Object.keys(schema.shape).filter((key) => key !== 'credentials' && key !== 'pinned');
    expect(Object.keys(value as object).toSorted()).toEqual(keys.toSorted());
  });

  test('lists every field of the document and of a node', () => {
    const names = (heading: string) => tableBelow(heading).flatMap(([cell = '']) => inlineCode(cell));
    expect(names('The document').toSorted()).toEqual(Object.keys(graphSchema.shape).toSorted());
    expect(names('Nodes')).toEqual(expect.arrayContaining(Object.keys(graphNodeSchema.shape)));
    expect(names('Policies').filter((name) => name.startsWith('retry.'))).toEqual(
      Object.keys(retryPolicySchema.shape).map((name) => `retry.${name}`),
    );
    const kinds = tableBelow('Nodes').flatMap(([cell = '']) => cell.split(', '));
    expect(kinds).toEqual(expect.arrayContaining(paramSpecSchema.options.map((option) => option.shape.kind.value)));
    expect(page).toContain(`one more output, \`${ERROR_PORT}\``);
  });

  test('shows only expressions that are paths', () => {
    const expressions = tableBelow('Expressions').flatMap(([cell = '']) => inlineCode(cell));
    expect(expressions.length).toBeGreaterThan(8);
    for (const expression of expressions) expect(parseTemplate(expression)).toMatchObject([{ type: 'path' }]);
  });

  test('gives the limits and the defaults that hold', () => {
    const [nodes, bytes, depth, name] = tableBelow('Limits').map(([, value = '']) =>
      Number.parseInt(value.replaceAll(',', ''), 10),
    );
    expect({ nodes, bytes, depth, nameLength: name }).toEqual(DEFAULT_GRAPH_LIMITS);
    const stated = Object.fromEntries(
      tableBelow('Policies').map(([field = '', value = '']) => [inlineCode(field)[0], value]),
    );
    const { attempts, backoffMs, factor, jitter } = retryPolicySchema.parse({});
    expect([
      stated['retry.attempts'],
      stated['retry.backoffMs'],
      stated['retry.factor'],
      stated['retry.jitter'],
    ]).toEqual([`${attempts}`, `${backoffMs}`, `${factor}`, `\`${jitter}\``]);
  });

  test('lists every problem code once, and no other', () => {
    const codes = tableBelow('Problems').flatMap(([cell = '']) => inlineCode(cell));
    expect(codes.toSorted()).toEqual([...PROBLEM_CODES].toSorted());
  });
});
