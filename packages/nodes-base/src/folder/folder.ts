import { choice, defineNode, isFileRef, NonRetryableError, port, text } from '@imaginarium/node-sdk';
import { exportPathOf } from './export-path.ts';

/** Copies files into the output folder, under names made from their fields. */
export const folder = defineNode({
  type: 'storage.folder',
  version: 1,
  title: 'Save to folder',
  summary: 'Copies files to the output folder, under names you choose.',
  group: 'storage',
  icon: 'folder-down',
  aliases: ['export', 'disk', 'write', 'download', 'output', 'local'],
  docs: "Characters that some file system refuses are replaced by a dash, and a name without the file's extension gets it. The file goes on to the next node with the field `savedAs`.",
  inputs: { file: port.any() },
  outputs: { file: port.any() },
  params: {
    path: text({
      title: 'Path',
      help: 'Inside the output folder, with / between folders. May hold expressions, such as {{ item.name }}.',
      default: '{{ run.workflow }}/{{ run.date }} {{ run.time }}/{{ item.file.name }}',
      required: true,
      maxLength: 1000,
    }),
    whenTaken: choice({
      title: 'When the name is taken',
      options: [
        { value: 'keep-both', label: 'Keep both: add a number' },
        { value: 'replace', label: 'Replace' },
      ],
      default: 'keep-both',
    }),
  },
  effects: 'idempotent',
  headline: ['path'],
  typicalMs: 20,
  async execute({ input: { file }, params, fields, files, log, signal }) {
    signal.throwIfAborted();
    if (!isFileRef(file))
      throw new NonRetryableError(
        `file: expected a file, received ${describe(file)}. Wire in a port that gives an image or a document.`,
      );
    const path = exportPathOf(params.path, file.name);
    if (path === '')
      throw new NonRetryableError(
        `path: expected a path such as photos/{{ item.file.name }}, received "${params.path}".`,
      );
    const savedAs = await files.export(file, path, params.whenTaken);
    log.info(`Saved ${savedAs}`, { bytes: file.bytes });
    return { file, fields: { ...fields, savedAs } };
  },
});

function describe(value: unknown): string {
  const shown = JSON.stringify(value) ?? 'nothing';
  return shown.length > 60 ? `${shown.slice(0, 57)}...` : shown;
}
