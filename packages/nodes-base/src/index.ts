import { definePackage } from '@imaginarium/node-sdk';
import { convert } from './convert/convert.ts';
import { dataset } from './dataset/dataset.ts';
import { folder } from './folder/folder.ts';
import { image } from './image/image.ts';
import { merge } from './merge/merge.ts';
import { resize } from './resize/resize.ts';
import { setFields } from './set-fields/set-fields.ts';
import { text } from './text/text.ts';

export { convert, dataset, folder, image, merge, resize, setFields, text };

export default definePackage({ nodes: [text, image, dataset, resize, convert, setFields, merge, folder] });
