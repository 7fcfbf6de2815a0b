import { findUnsafeJson, type JsonObject, type Route } from '@imaginarium/protocol';
import type { Request } from 'express';
import type { z } from 'zod';
import { HttpError } from './http-error.ts';

/** Levels a JSON body may be nested. */
const MAX_DEPTH = 64;

/**
 * Parses what a request carries by its route's schemas.
 * @throws {HttpError} `bad-request` that lists every field: its name, what was expected, what came.
 */
export function readRequest(route: Route, req: Request): { params: unknown; query: unknown; body: unknown } {
  const problems: FieldProblem[] = [];
  const read = (part: 'params' | 'query' | 'body', schema: z.ZodType, value: unknown): unknown => {
    const unsafe = findUnsafeJson(value, MAX_DEPTH);
    if (unsafe) {
      const name = [part, ...unsafe.path.slice(0, 8)].join('.');
      problems.push({ name, expected: UNSAFE[unsafe.reason], received: unsafe.reason });
      return undefined;
    }
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    problems.push(...parsed.error.issues.flatMap((issue) => fieldProblems(part, issue, value)));
    return undefined;
  };
  const input = {
    params: route.params ? read('params', route.params, req.params) : {},
    query: route.query ? read('query', route.query, req.query) : {},
    body: route.body && route.body !== 'bytes' ? read('body', route.body, req.body) : undefined,
  };
  if (problems.length > 0) {
    const message = problems.map(
      ({ name, expected, received }) => `${name}: expected ${expected}, received ${received}`,
    );
    throw new HttpError('bad-request', message.join('; '), problems as unknown as JsonObject[]);
  }
  return input;
}

interface FieldProblem {
  /** Where: `body.email`. */
  name: string;
  expected: string;
  received: string;
}

const UNSAFE = {
  'forbidden-key': 'a name other than __proto__, constructor and prototype',
  'too-deep': `at most ${MAX_DEPTH} levels of nesting`,
  'not-json': 'a JSON value',
  'nul-character': 'text without NUL characters',
} as const;

function fieldProblems(part: string, issue: z.core.$ZodIssue, input: unknown): FieldProblem[] {
  const name = [part, ...issue.path.map(String)].join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ name: `${name}.${key}`, expected: 'no such field', received: 'one' }));
  }
  return [{ name, expected: expectation(issue), received: received(name, valueAt(input, issue.path)) }];
}

function expectation(issue: z.core.$ZodIssue): string {
  // The protocol's own words, where it has some.
  if (issue.message.startsWith('expected ')) return issue.message.slice('expected '.length);
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected === 'object' ? 'an object' : issue.expected === 'array' ? 'a list' : issue.expected;
    case 'too_small':
      return `${issue.origin === 'string' ? 'length' : issue.origin} of at least ${issue.minimum}`;
    case 'too_big':
      return `${issue.origin === 'string' ? 'length' : issue.origin} of at most ${issue.maximum}`;
    case 'invalid_format':
      return `text of the form ${issue.format}`;
    case 'invalid_value':
      return issue.values.map(String).join(' or ');
    default:
      return issue.message.replace(/^Invalid input: expected /, '');
  }
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

/** The value in a few characters; secrets are never repeated. */
function received(name: string, value: unknown): string {
  if (value === undefined) return 'nothing';
  if (/password|code|key|secret/i.test(name))
    return typeof value === 'string' ? `text of ${value.length} characters` : `a ${typeof value}`;
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
