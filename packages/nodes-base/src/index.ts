import { definePackage } from '@imaginarium/node-sdk';
import { slides } from './carousel/slides.ts';
import { convert } from './convert/convert.ts';
import { dataset } from './dataset/dataset.ts';
import { folder } from './folder/folder.ts';
import { image } from './image/image.ts';
import { merge } from './merge/merge.ts';
import { pattern } from './pattern/pattern.ts';
import { resize } from './resize/resize.ts';
import { setFields } from './set-fields/set-fields.ts';
import { text } from './text/text.ts';

export { convert, dataset, folder, image, merge, pattern, resize, setFields, slides, text };

export default definePackage({
  nodes: [text, image, dataset, pattern, resize, convert, setFields, merge, slides, folder],
});
