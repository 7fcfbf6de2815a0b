import type { Graph } from '@imaginarium/protocol';

/** The workflow that a new owner finds: everything it needs is installed, and it costs what its nodes say. */
export const starterWorkflow: { name: string; graph: Graph } = {
  name: 'Photo to carousel',
  graph: {
    schema: 1,
    nodes: [
      {
        id: 'photo',
        type: 'input.image',
        version: 1,
        name: 'Photo',
        params: {},
        position: { x: 0, y: 0 },
      },
      {
        id: 'upscale',
        type: 'upscaler.free',
        version: 1,
        name: 'Upscale 2x',
        params: {},
        position: { x: 320, y: 0 },
      },
      {
        id: 'carousel',
        type: 'carousel.slides',
        version: 1,
        name: 'Carousel',
        params: { aspect: '4:5' },
        position: { x: 640, y: 0 },
      },
      {
        id: 'save',
        type: 'storage.folder',
        version: 1,
        name: 'Save to folder',
        params: {},
        position: { x: 960, y: 0 },
      },
    ],
    edges: [
      { id: 'photo-upscale', from: { node: 'photo', port: 'image' }, to: { node: 'upscale', port: 'image' } },
      { id: 'upscale-carousel', from: { node: 'upscale', port: 'image' }, to: { node: 'carousel', port: 'image' } },
      { id: 'carousel-save', from: { node: 'carousel', port: 'slide' }, to: { node: 'save', port: 'file' } },
    ],
    inputs: [{ key: 'photo', title: 'Photo', to: [{ node: 'photo', param: 'images' }] }],
    notes: [],
    settings: {},
  },
};
