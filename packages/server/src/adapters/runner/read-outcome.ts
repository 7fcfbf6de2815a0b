import type { CodeOutcome, CodeProgram, CodeResult } from '@imaginarium/node-sdk';
import { findUnsafeJson, type Json, type LogLevel } from '@imaginarium/protocol';
import { RunnerError } from './runner-process.ts';

/**
 * Reads what came out of a runner. Guest code may have changed any of it, so nothing is taken on trust but that it is text.
 * @throws {RunnerError} when it is not what a program answers.
 */
export function readOutcome(text: string, { rows, sources }: CodeProgram): CodeOutcome {
  const { results, logs } = (parse(text) ?? {}) as { results?: unknown; logs?: unknown };
  if (!isListOf(results, rows.length) || !results.every((line) => isListOf(line, sources.length))) throw unreadable();
  return {
    results: results.map((line) => (line as unknown[]).map(readResult)),
    logs: Array.isArray(logs) ? logs.slice(0, MOST_LOGS).flatMap(readLog) : [],
  };
}

const MOST_LOGS = 201;
const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw unreadable();
  }
}

function unreadable(): RunnerError {
  return new RunnerError('broken', 'The code changed how its own results are written, and they cannot be read.');
}

function isListOf(value: unknown, length: number): value is unknown[] {
  return Array.isArray(value) && value.length === length;
}

function readResult(result: unknown): CodeResult {
  if (typeof result !== 'object' || result === null) throw unreadable();
  if ('error' in result) return { error: String(result.error).slice(0, 2000) };
  if (!('value' in result)) throw unreadable();
  const unsafe = findUnsafeJson(result.value);
  if (!unsafe) return { value: result.value as Json }; // It was parsed from JSON.
  const at = unsafe.path.length === 0 ? 'It' : `"${unsafe.path.join('.')}"`;
  return { error: `${at} cannot be stored: ${REASONS[unsafe.reason]}.` };
}

const REASONS = {
  'forbidden-key': 'no key may be called __proto__, constructor or prototype',
  'too-deep': 'it is nested more than 32 levels deep',
  'not-json': 'it holds text with half a character',
  'nul-character': 'it holds a NUL character',
};

function readLog(line: unknown): CodeOutcome['logs'] {
  if (!Array.isArray(line)) return [];
  const level = LEVELS.find((known) => known === line[0]);
  return level ? [{ level, message: String(line[1]).slice(0, 2000) }] : [];
}
