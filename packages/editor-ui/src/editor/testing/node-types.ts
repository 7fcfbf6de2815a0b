import { catalogueOf, type NodeDescription, type ParamSpec, type PortSpec } from '@imaginarium/protocol';

const bare = {
  version: 1,
  summary: 'A node of the tests.',
  icon: 'image',
  credentials: {},
  effects: 'pure',
  mode: 'each',
  typicalMs: 50,
  credits: 0,
} as const;

const image: PortSpec = { type: 'image' };

/** A param of every kind: what the inspector must be able to draw. */
export const everyParam: Record<string, ParamSpec> = {
  line: { kind: 'text', title: 'Line', default: '', required: true, help: 'One line of text.' },
  block: { kind: 'text', title: 'Block', default: '', multiline: true },
  count: { kind: 'number', title: 'Count', default: 3, min: 1, max: 10, integer: true },
  strength: { kind: 'slider', title: 'Strength', default: 0.5, min: 0, max: 1, step: 0.1 },
  keep: { kind: 'toggle', title: 'Keep transparency', default: true },
  format: {
    kind: 'choice',
    title: 'Format',
    default: 'png',
    options: [
      { value: 'png', label: 'PNG' },
      { value: 'jpeg', label: 'JPEG' },
    ],
  },
  quality: { kind: 'slider', title: 'Quality', default: 80, min: 1, max: 100, showWhen: { format: 'jpeg' } },
  channels: {
    kind: 'choices',
    title: 'Channels',
    default: [],
    options: [
      { value: 'web', label: 'Web' },
      { value: 'print', label: 'Print' },
    ],
  },
  tint: { kind: 'colour', title: 'Tint', default: '#1890ff' },
  photos: { kind: 'asset', title: 'Photos', accept: ['image'], multiple: true, default: null },
  data: { kind: 'json', title: 'Data', default: {} },
  script: { kind: 'code', title: 'Script', language: 'javascript', default: '' },
  words: { kind: 'list', title: 'Words', of: { kind: 'text', title: 'Word', default: '' }, default: [] },
  fields: { kind: 'key-value', title: 'Fields', default: {} },
  path: { kind: 'expression', title: 'Path', default: '' },
  model: { kind: 'model', title: 'Model', task: 'super-resolution', default: 'auto' },
  seed: { kind: 'number', title: 'Seed', default: 1, advanced: true },
};

/** Node types enough to wire every case: sources, a chain, a port that takes many wires, and every kind of param. */
export const testTypes: NodeDescription[] = [
  {
    ...bare,
    type: 'input.image',
    title: 'Image',
    group: 'input',
    aliases: ['photo', 'upload'],
    inputs: {},
    outputs: { image },
    params: {
      images: { kind: 'asset', title: 'Images', accept: ['image'], multiple: true, required: true, default: null },
    },
  },
  {
    ...bare,
    type: 'input.text',
    title: 'Text',
    group: 'input',
    icon: 'type',
    inputs: { item: { type: 'any', optional: true } },
    outputs: { text: { type: 'text' } },
    params: { text: { kind: 'text', title: 'Text', default: '', multiline: true } },
  },
  {
    ...bare,
    type: 'processing.resize',
    title: 'Resize',
    group: 'processing',
    icon: 'scaling',
    credits: 2,
    inputs: { image },
    outputs: { image },
    params: {
      width: { kind: 'number', title: 'Width', default: 1080, min: 1, unit: 'px' },
      fit: {
        kind: 'choice',
        title: 'Fit',
        default: 'cover',
        options: [
          { value: 'cover', label: 'Cover' },
          { value: 'contain', label: 'Contain' },
        ],
      },
    },
    headline: ['width', 'fit'],
  },
  {
    ...bare,
    type: 'flow.merge',
    title: 'Merge',
    group: 'flow',
    icon: 'merge',
    mode: 'all',
    inputs: { item: { type: 'any', many: true } },
    outputs: { item: { type: 'any' } },
    params: {},
  },
  {
    ...bare,
    type: 'test.every-param',
    title: 'Every param',
    group: 'code',
    inputs: { image: { type: 'image', optional: true } },
    outputs: { image, text: { type: 'text' } },
    params: everyParam,
    docs: 'What it **does**.',
  },
];

export const testCatalogue = catalogueOf(testTypes);
