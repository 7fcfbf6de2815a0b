import { defineNode, keyValue, port, text as textParam } from '@imaginarium/node-sdk';
import { fillNames } from './fill-names.ts';

/** A text, with names filled in from its variables and from the item that comes in. */
export const text = defineNode({
  type: 'input.text',
  version: 1,
  title: 'Text',
  summary: 'A text; {name} is filled in from its variables or the incoming item.',
  group: 'input',
  icon: 'type',
  aliases: ['prompt', 'caption', 'template', 'string', 'write'],
  docs: 'Wire something into the optional input and the text is made once for each item, with its fields: a table with a column `product` fills in `{product}`. A variable wins over a field of the same name.',
  inputs: { item: port.any({ optional: true, title: 'For each' }) },
  outputs: { text: port.text() },
  params: {
    text: textParam({
      title: 'Text',
      multiline: true,
      placeholder: 'A photo of {product} on a beach',
      maxLength: 100_000,
    }),
    variables: keyValue({ title: 'Variables', help: 'A variable called "product" is used as {product}.' }),
  },
  effects: 'pure',
  headline: ['text'],
  typicalMs: 1,
  execute({ params, fields, log }) {
    const filled = fillNames(params.text, params.variables, fields);
    if (filled.unknown.length > 0)
      log.warn(`No variable or field is called ${filled.unknown.join(', ')}: left as written.`, {
        unknown: filled.unknown,
      });
    return { text: filled.text };
  },
});
