import type { FileRef, Item, RunDetail } from '@imaginarium/protocol';
import { expect, test } from 'vitest';
import { aStep } from '../testing/a-run.ts';
import { filesIn, resultsOf, upscaleNoteOf } from './results.ts';

const file = (name: string, kind: FileRef['kind'] = 'image'): FileRef => ({
  id: name.charCodeAt(0).toString(16).padStart(64, '0'),
  kind,
  mime: kind === 'image' ? 'image/png' : 'application/zip',
  bytes: 1,
  name,
});
const item = (ref: FileRef): Item => ({ id: ref.name, file: ref, fields: {}, from: [] });
const wire = (from: string, port: string, to: string) => ({
  id: `${from}-${port}-${to}`,
  from: { node: from, port },
  to: { node: to, port: 'in' },
});
const [photo, large, slide, archive] = [file('photo'), file('large'), file('slide'), file('archive', 'document')];

function runOf(steps: RunDetail['steps'], ...edges: ReturnType<typeof wire>[]) {
  return { steps, graph: { schema: 1 as const, nodes: [], edges, inputs: [], notes: [], settings: {} } };
}
const steps = [
  aStep('photo', { outputs: { image: [item(photo)] } }),
  aStep('upscale', { outputs: { image: [item(large)] } }),
  aStep('carousel', { outputs: { slides: [item(slide)], archive: [item(archive)] } }),
];
const wires = [wire('photo', 'image', 'upscale'), wire('upscale', 'image', 'carousel')];

test('shows what comes out at the end, pictures first', () => {
  expect(resultsOf(runOf(steps, ...wires))).toEqual([slide, archive]);
});

test('shows what a storing step passed on once, and the outputs that nothing is wired to beside it', () => {
  const stored = aStep('save', { outputs: { files: [item(slide)] } });
  expect(resultsOf(runOf([...steps, stored], ...wires, wire('carousel', 'slides', 'save')))).toEqual([slide, archive]);
});

test('shows how far a run came that gave nothing at its end', () => {
  const [first, second] = steps.map((step, index) => (index === 1 ? { ...step, outputs: {} } : step));
  expect(resultsOf(runOf([first, second, aStep('carousel')] as RunDetail['steps'], ...wires))).toEqual([photo]);
});

test('names each file once', () => {
  expect(filesIn({ a: [item(archive), item(photo)], b: [item(photo)] })).toEqual([photo, archive]);
});

test('finds what an upscaler says of itself', () => {
  const note = 'Resampled: no model is installed.';
  expect(upscaleNoteOf({ image: [{ ...item(large), fields: { upscale: { note } } }] })).toBe(note);
  expect(upscaleNoteOf({ image: [{ ...item(large), fields: { upscale: 'fine' } }] })).toBeUndefined();
});
