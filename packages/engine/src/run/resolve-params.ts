import { NonRetryableError } from '@imaginarium/node-sdk';
import {
  type ExpressionScope,
  hasExpression,
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

/** Whether any param, or the default of one that is left out, holds an expression: params then differ from item to item. */
export function hasExpressions(specs: Specs, params: JsonObject): boolean {
  return Object.entries(withDefaults(specs, params)).some(
    ([key, value]) => specs[key]?.kind !== 'code' && containsExpression(value),
  );
}

function containsExpression(value: Json): boolean {
  if (typeof value === 'string') return hasExpression(value);
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some(containsExpression);
}

/**
 * The params a node executes with: defaults filled in, expressions resolved, every value checked.
 * @param scope left out when no param holds an expression.
 * @throws {NonRetryableError} for a value that does not fit once it is resolved.
 */
export function resolveParams(specs: Specs, params: JsonObject, scope?: ExpressionScope): JsonObject {
  const values = withDefaults(specs, params);
  if (scope) {
    for (const [key, value] of Object.entries(values)) {
      if (specs[key]?.kind !== 'code') values[key] = resolveDeep(value, scope);
    }
  }
  for (const [key, spec] of Object.entries(specs)) {
    const value = values[key] as Json;
    if (!isShown(spec, values)) continue;
    if (isEmptyValue(value)) {
      if (spec.required) throw new NonRetryableError(`${spec.title} is empty.`);
    } else {
      const fitted = spec.kind === 'text' && typeof value !== 'string' ? asText(value) : value;
      values[key] = fitted;
      const refusal = refuseParamValue(spec, fitted);
      if (refusal) throw new NonRetryableError(`${spec.title}: ${refusal}.`);
    }
    if (spec.kind === 'asset' && spec.multiple)
      values[key] = value === null ? [] : Array.isArray(value) ? value : [value];
  }
  return values;
}

function resolveDeep(value: Json, scope: ExpressionScope): Json {
  if (typeof value === 'string') return hasExpression(value) ? resolveTemplate(value, scope) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((entry) => resolveDeep(entry, scope));
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, resolveDeep(entry, scope)]));
}

function asText(value: Json): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
