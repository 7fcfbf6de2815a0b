import { NonRetryableError } from '@imaginarium/node-sdk';
import {
  codeIn,
  type ExpressionScope,
  hasExpression,
  holdsExpression,
  isEmptyValue,
  isShown,
  type Json,
  type JsonObject,
  type ParamSpec,
  refuseParamValue,
  resolveTemplate,
  withDefaults,
} from '@imaginarium/protocol';

type Specs = Readonly<Record<string, ParamSpec>>;

/** Gives the value of an expression that is more than a path, by its source. */
export type Evaluate = (source: string) => Json;

/** The expressions among params, and the defaults of those left out, that are more than a path; each once. */
export function codeInParams(specs: Specs, params: JsonObject): string[] {
  const texts = Object.entries(withDefaults(specs, params)).filter(([key]) => specs[key]?.kind !== 'code');
  return codeIn(texts.map(([, value]) => value));
}

/** Whether any param, or the default of one that is left out, holds an expression: params then differ from item to item. */
export function hasExpressions(specs: Specs, params: JsonObject): boolean {
  const values = withDefaults(specs, params);
  for (const key in values) if (specs[key]?.kind !== 'code' && holdsExpression(values[key] as Json)) return true;
  return false;
}

/**
 * The params a node executes with: defaults filled in, expressions resolved, every value checked.
 * @param scope left out when no param holds an expression.
 * @param evaluate gives what expressions that are more than a path came to.
 * @throws {NonRetryableError} for a value that does not fit once it is resolved; what `evaluate` throws.
 */
export function resolveParams(
  specs: Specs,
  params: JsonObject,
  scope?: ExpressionScope,
  evaluate: Evaluate = notEvaluated,
): JsonObject {
  const values = withDefaults(specs, params);
  if (scope) {
    for (const [key, value] of Object.entries(values)) {
      if (specs[key]?.kind !== 'code') values[key] = resolveDeep(value, scope, evaluate);
    }
  }
  for (const [key, spec] of Object.entries(specs)) {
    const value = values[key] as Json;
    if (!isShown(spec, values)) continue;
    if (spec.required && isEmptyValue(value)) throw new NonRetryableError(`${spec.title} is empty.`);
    const fitted = scope ? fit(spec, value) : value;
    const refusal = refuseParamValue(spec, fitted);
    if (refusal) throw new NonRetryableError(`${spec.title}: ${refusal}.`);
    values[key] = spec.kind === 'asset' ? asFiles(fitted, spec.multiple) : fitted;
  }
  return values;
}

function notEvaluated(source: string): never {
  throw new Error(`{{ ${source} }} was not evaluated.`);
}

function resolveDeep(value: Json, scope: ExpressionScope, evaluate: Evaluate): Json {
  if (typeof value === 'string') return hasExpression(value) ? resolveTemplate(value, scope, evaluate) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((entry) => resolveDeep(entry, scope, evaluate));
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, resolveDeep(entry, scope, evaluate)]));
}

/** What an expression gave, in the form its param takes: a missing text is empty, and a number read from a table may be text. */
function fit(spec: ParamSpec, value: Json): Json {
  switch (spec.kind) {
    case 'text':
      return value === null ? '' : typeof value === 'string' ? value : asText(value);
    case 'number':
    case 'slider':
      return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : value;
    case 'key-value':
      if (spec.typed || typeof value !== 'object' || value === null || Array.isArray(value)) return value;
      return Object.fromEntries(
        Object.entries(value).map(([name, entry]) => [name, entry === null ? '' : asText(entry)]),
      );
    default:
      return value;
  }
}

/** One file may be stored as a list of one, and several as one. */
function asFiles(value: Json, multiple: boolean | undefined): Json {
  if (multiple) return value === null ? [] : Array.isArray(value) ? value : [value];
  return Array.isArray(value) ? (value[0] ?? null) : value;
}

function asText(value: Json): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
