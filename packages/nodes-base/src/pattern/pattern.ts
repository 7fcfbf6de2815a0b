import {
  choice,
  colour,
  defineNode,
  emit,
  type FileRef,
  list,
  NonRetryableError,
  number,
  port,
} from '@imaginarium/node-sdk';
import { loadSharp, writePicture } from '@imaginarium/pictures';
import { paintPicture } from './paint-picture.ts';
import type { Style } from './painter.ts';
import { PALETTES, type PaletteName, parseColour, type Rgb } from './palette.ts';
import { hash32 } from './random.ts';
import { bubbles } from './styles/bubbles.ts';
import { plaid } from './styles/plaid.ts';
import { terrain } from './styles/terrain.ts';
import { triangles } from './styles/triangles.ts';
import { waves } from './styles/waves.ts';

/** The styles, by the name params use. */
export const STYLES = { waves, bubbles, triangles, plaid, terrain } as const satisfies Record<string, Style>;
type StyleName = keyof typeof STYLES;

/** Paints pictures from a seed and a palette, without a model and without a network. */
export const pattern = defineNode({
  type: 'generator.pattern',
  version: 1,
  title: 'Pattern',
  summary: 'Paints pictures from a seed and a palette: waves, bubbles, triangles, plaid, terrain.',
  group: 'generator',
  icon: 'shapes',
  aliases: ['generate', 'procedural', 'background', 'wallpaper', 'texture', 'noise', 'art'],
  docs: 'The same seed, style, size and palette give the same picture on every machine.',
  inputs: {},
  outputs: { image: port.image() },
  params: {
    style: choice({ title: 'Style', options: Object.keys(STYLES) as StyleName[], default: 'waves' }),
    palette: choice({
      title: 'Palette',
      options: [...(Object.keys(PALETTES) as PaletteName[]), { value: 'own', label: 'Own colours' }],
      default: 'ocean',
    }),
    colours: list({
      title: 'Colours',
      help: 'At least two, in the order they blend.',
      of: colour({ title: 'Colour', default: '#1890ff' }),
      maxItems: 12,
      showWhen: { palette: 'own' },
    }),
    width: number({ title: 'Width', default: 1080, min: 16, max: 4096, integer: true, unit: 'px' }),
    height: number({ title: 'Height', default: 1350, min: 16, max: 4096, integer: true, unit: 'px' }),
    count: number({ title: 'Pictures', default: 1, min: 1, max: 50, integer: true }),
    seed: number({
      title: 'Seed',
      help: 'Another number, another picture.',
      default: 1,
      min: 0,
      max: 2_147_483_647,
      integer: true,
    }),
  },
  // The picture as bytes, once more while it is encoded, and the library's own floor.
  resources: ({ params }) => ({ pool: 'media', memoryMb: Math.ceil(140 + (params.width * params.height * 6) / 1e6) }),
  effects: 'pure',
  headline: ['style', 'palette', 'seed'],
  typicalMs: 900,
  yields: ({ params }) => params.count,
  async execute({ params, files, progress, signal }) {
    signal.throwIfAborted();
    const { style, width, height, count, seed } = params;
    const palette = coloursOf(params.palette, params.colours);
    const sharp = await loadSharp();
    const items: { value: FileRef; fields: { name: string; number: number; seed: number; style: string } }[] = [];
    for (let index = 0; index < count; index++) {
      // The first picture is that of the seed itself; those after it are unrelated to their neighbours' seeds.
      const own = index === 0 ? seed : hash32(seed + Math.imul(index, 0x9e3779b1)) >>> 1;
      const bytes = await paintPicture(STYLES[style], { width, height, seed: own, palette }, signal, (share) =>
        progress((index + share) / count),
      );
      const name = `${style}-${own}`;
      const image = sharp(bytes, { raw: { width, height, channels: 3 } });
      const encoding = { format: 'png', quality: 100, background: '#ffffff', deep: false } as const;
      items.push({
        value: await writePicture(files, image, `${name}.png`, encoding),
        fields: { name, number: index + 1, seed: own, style },
      });
    }
    return { image: emit(items) };
  },
});

function coloursOf(name: PaletteName | 'own', own: readonly string[]): Rgb[] {
  if (name === 'own' && own.length < 2)
    throw new NonRetryableError(
      `colours: expected at least two, received ${own.length}. Add a colour, or choose a palette.`,
    );
  return (name === 'own' ? own : PALETTES[name]).map(parseColour);
}
