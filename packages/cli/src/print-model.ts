import { styleText } from 'node:util';
import { countedSpeed, type ModelState } from '@imaginarium/protocol';

/** One line about a model: whether it is here, what it is, how large, how fast, and under what licence. */
export function modelLine({ entry, state, speed, pullable }: ModelState): string {
  const mark = {
    installed: styleText('green', '✓'),
    missing: pullable ? styleText('dim', '↓') : styleText('dim', '-'),
    damaged: styleText('red', '✗'),
  }[state];
  const what = entry.task === 'super-resolution' ? `${entry.scale}x` : entry.task;
  const counted = speed && countedSpeed(entry, speed);
  const facts = [
    ...(entry.bytes === null ? [] : [size(entry.bytes)]),
    ...(counted ? [`${seconds(counted.ms)} s a ${counted.each} here`] : []),
    `${entry.licence.name}${entry.commercial ? '' : ', not for commercial use'}`,
    ...(state === 'damaged' ? ['its file is damaged: install it again'] : []),
  ];
  return `${mark} ${entry.name.padEnd(24)} ${what.padEnd(16)} ${facts.join(', ')}`;
}

/** All that is known of a model, for who wants to have or to trust it. */
export function modelDetails(model: ModelState): string {
  const { entry, accepted } = model;
  return [
    modelLine(model),
    `  ${entry.title}: ${entry.summary}`,
    `  licence: ${entry.licence.name}${entry.licence.url ? `, ${entry.licence.url}` : ''}`,
    ...(entry.licence.note ? [`           ${entry.licence.note}`] : []),
    ...(accepted ? [`           accepted by ${accepted.by}, ${accepted.at}`] : []),
    ...(entry.url ? [`  from:    ${entry.url}`] : []),
    ...(entry.sha256 ? [`  SHA-256: ${entry.sha256}`] : []),
    ...(entry.weights
      ? [`  weights: ${entry.weights.url}${entry.weights.sha256 ? ` (${entry.weights.sha256})` : ''}`]
      : []),
    ...(entry.convert ? [`  to make: ${entry.convert}`] : []),
    ...entry.unknown.map((fact) => `  unknown: ${fact}`),
  ].join('\n');
}

function size(bytes: number): string {
  return bytes < 1e6 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function seconds(ms: number): string {
  return ms < 10_000 ? (ms / 1000).toFixed(1) : String(Math.round(ms / 1000));
}
