import type { Json, JsonObject } from './json.ts';

/** One part of a text with `{{ }}` in it. */
export type TemplateSegment =
  | { type: 'literal'; text: string }
  | { type: 'path'; source: string; path: (string | number)[] }
  /** More than a path: a JavaScript expression, which only a runner can evaluate. */
  | { type: 'code'; source: string };

/** The names a path may start with. */
export const EXPRESSION_ROOTS = ['item', 'run', 'vars', 'nodes', 'loop'] as const;

/** What paths are resolved against. `item` holds the item's fields with `value`, `file` and `index` beside them. */
export interface ExpressionScope {
  item: JsonObject;
  run: JsonObject;
  vars: JsonObject;
  nodes: JsonObject;
  /** Inside of loops: the number of the iteration from 0, how many there are where that is known, and the same of the loop around it. */
  loop: JsonObject;
}

/** Whether a text holds an expression at all; the cheap test before {@link parseTemplate}. */
export function hasExpression(text: string): boolean {
  return text.includes('{{');
}

/** Whether any text in a value does, at any depth. */
export function holdsExpression(value: Json): boolean {
  if (typeof value === 'string') return hasExpression(value);
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(holdsExpression);
  for (const key in value) if (holdsExpression(value[key] as Json)) return true;
  return false;
}

/** Cuts a text into literals and `{{ }}` segments. An opening `{{` that never closes is literal text. */
export function parseTemplate(text: string): TemplateSegment[] {
  const segments: TemplateSegment[] = [];
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf('{{', at);
    const close = open < 0 ? -1 : text.indexOf('}}', open + 2);
    if (close < 0) {
      segments.push({ type: 'literal', text: text.slice(at) });
      break;
    }
    if (open > at) segments.push({ type: 'literal', text: text.slice(at, open) });
    const source = text.slice(open + 2, close).trim();
    const path = parsePath(source);
    segments.push(path ? { type: 'path', source, path } : { type: 'code', source });
    at = close + 2;
  }
  return segments;
}

/**
 * The value of a text with expressions. A text that is one `{{ path }}` and nothing else gives the value itself, of any type; anything
 * else gives text, with missing values as nothing. A value is never parsed again, so data cannot smuggle in expressions.
 * @param evaluate gives what a segment that is more than a path came to; nothing is evaluated here.
 * @throws {Error} what `evaluate` throws.
 */
export function resolveTemplate(text: string, scope: ExpressionScope, evaluate: (source: string) => Json): Json {
  if (!hasExpression(text)) return text;
  const valueIn = (segment: Exclude<TemplateSegment, { type: 'literal' }>): Json =>
    segment.type === 'path' ? (resolvePath(segment.path, scope) ?? null) : evaluate(segment.source);
  const segments = parseTemplate(text);
  const [only] = segments;
  if (segments.length === 1 && only && only.type !== 'literal') return valueIn(only);
  return segments.map((segment) => (segment.type === 'literal' ? segment.text : asText(valueIn(segment)))).join('');
}

function asText(value: Json): string {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** The sources in a value, at any depth, that are more than a path; each once. */
export function codeIn(value: Json): string[] {
  return [...new Set(segmentsIn(value).flatMap((segment) => (segment.type === 'code' ? [segment.source] : [])))];
}

/** The `{{ }}` segments of all texts in a value. */
export function segmentsIn(value: Json): Exclude<TemplateSegment, { type: 'literal' }>[] {
  // Nearly no value has any, and to know that makes nothing.
  if (!holdsExpression(value)) return [];
  if (typeof value === 'string') return parseTemplate(value).filter((segment) => segment.type !== 'literal');
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(segmentsIn);
}

function resolvePath(path: readonly (string | number)[], scope: ExpressionScope): Json | undefined {
  let value: Json | undefined = scope as unknown as JsonObject; // The scope's four roots are plain JSON objects.
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string | number, Json>)[key];
  }
  return value;
}

const PATH_PART =
  /^(?:\.([A-Za-z_$][\w$-]*)|\[\s*(\d{1,9})\s*\]|\[\s*"((?:[^"\\]|\\.)*)"\s*\]|\[\s*'((?:[^'\\]|\\.)*)'\s*\])/;

function parsePath(source: string): (string | number)[] | undefined {
  const root = /^[A-Za-z_$][\w$]*/.exec(source)?.[0];
  if (!root || !(EXPRESSION_ROOTS as readonly string[]).includes(root)) return undefined;
  const path: (string | number)[] = [root];
  for (let rest = source.slice(root.length); rest.length > 0; ) {
    const part = PATH_PART.exec(rest);
    if (!part) return undefined;
    const [whole, name, index, double, single] = part;
    path.push(index === undefined ? unescapeKey(name ?? double ?? single ?? '') : Number(index));
    rest = rest.slice(whole.length);
  }
  return path;
}

function unescapeKey(text: string): string {
  return text.replaceAll(/\\(.)/g, '$1');
}
