import {
  asset,
  choice,
  defineNode,
  emit,
  type FileRef,
  NonRetryableError,
  port,
  text,
  toggle,
} from '@imaginarium/node-sdk';
import { decodeText } from './decode-text.ts';
import { parseRows } from './parse-rows.ts';

/** Bytes of a file; far above 10,000 rows of ordinary text. */
const MAX_BYTES = 20_000_000;

/** Brings a table into a workflow, one item a row. */
export const dataset = defineNode({
  type: 'input.dataset',
  version: 1,
  title: 'Dataset',
  summary: 'Brings a table into the workflow: one item for each row of a CSV or JSON.',
  group: 'input',
  icon: 'table',
  aliases: ['csv', 'json', 'table', 'spreadsheet', 'rows', 'batch', 'excel'],
  docs: 'Takes CSV (comma, semicolon or tab), a JSON array of objects, or JSON lines, in UTF-8, at most 10,000 rows. The first line of a CSV names its columns. Each column becomes a field of the item.',
  inputs: {},
  outputs: { row: port.json() },
  params: {
    source: choice({
      title: 'From',
      options: [
        { value: 'file', label: 'A file' },
        { value: 'text', label: 'Pasted text' },
      ],
      default: 'file',
    }),
    file: asset({
      title: 'File',
      help: 'CSV, JSON or JSON lines.',
      accept: ['document'],
      showWhen: { source: 'file' },
    }),
    text: text({
      title: 'Text',
      multiline: true,
      placeholder: 'name,price\nBlue mug,12',
      maxLength: 1_000_000,
      showWhen: { source: 'text' },
    }),
    detectTypes: toggle({
      title: 'Recognise numbers',
      help: 'In CSV, 12.5 becomes a number and true a yes; 007 and 1e5 stay text.',
      default: true,
      advanced: true,
    }),
  },
  effects: 'pure',
  counts: 'unknown',
  headline: ['source', 'file'],
  typicalMs: 50,
  async execute({ params, files, signal }) {
    signal.throwIfAborted();
    const { name, content } = params.source === 'text' ? pasted(params.text) : await fromFile(params.file);
    const rows = await parseRows(name, content, { detectTypes: params.detectTypes });
    return { row: emit(rows.map((value) => ({ value, fields: value }))) };

    async function fromFile(file: FileRef | null): Promise<{ name: string; content: string }> {
      if (!file)
        throw new NonRetryableError('file: expected a CSV or JSON file, received none. Drop one on the Dataset node.');
      if (file.bytes > MAX_BYTES)
        throw new NonRetryableError(
          `${file.name}: expected at most ${MAX_BYTES / 1e6} MB, received ${(file.bytes / 1e6).toFixed(1)} MB. Split the file.`,
        );
      return { name: file.name, content: decodeText(file.name, await files.read(file)) };
    }
  },
});

function pasted(content: string): { name: string; content: string } {
  if (content.trim() === '')
    throw new NonRetryableError('text: expected CSV or JSON, received nothing. Paste the rows into the Dataset node.');
  return { name: 'text', content };
}
