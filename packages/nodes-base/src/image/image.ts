import { asset, defineNode, emit, NonRetryableError, port } from '@imaginarium/node-sdk';
import { baseName } from '@imaginarium/pictures';

/** Brings uploaded pictures into a workflow, one item each. */
export const image = defineNode({
  type: 'input.image',
  version: 1,
  title: 'Image',
  summary: 'Brings your pictures into the workflow, one item each.',
  group: 'input',
  icon: 'image',
  aliases: ['photo', 'picture', 'upload', 'file'],
  inputs: {},
  outputs: { image: port.image() },
  params: {
    images: asset({
      title: 'Pictures',
      help: 'Drop one or more pictures here.',
      accept: ['image'],
      multiple: true,
      required: true,
    }),
  },
  effects: 'pure',
  headline: ['images'],
  typicalMs: 1,
  yields: ({ params }) => count(params.images),
  execute({ params }) {
    if (params.images.length === 0)
      throw new NonRetryableError(
        'images: expected at least one picture, received none. Drop a picture on the Image node.',
      );
    const items = params.images.map((value, index) => ({
      value,
      fields: { name: baseName(value.name), number: index + 1 },
    }));
    return { image: emit(items) };
  },
});

/** Quotes are made of drafts too, in which nothing or one file may be chosen. */
function count(files: unknown): number {
  if (Array.isArray(files)) return files.length;
  return files ? 1 : 0;
}
