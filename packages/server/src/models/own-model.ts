import { type ModelEntry, modelNameSchema } from '@imaginarium/protocol';
import { ModelError } from './model-error.ts';

/** The name of an own model: that of its file, in the letters that names have. @throws {ModelError} */
export function ownName(file: string): string {
  const name = file
    .replace(/\.onnx$/i, '')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/\.{2,}/g, '.')
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '')
    .slice(0, 60);
  const parsed = modelNameSchema.safeParse(name);
  if (parsed.success) return parsed.data;
  throw new ModelError('model-refused', `${file}: give the file a name with letters or digits, such as my-model.onnx.`);
}

/** What is said of a model that only its owner knows. */
export function ownEntry(
  name: string,
  file: string,
): Pick<ModelEntry, 'title' | 'summary' | 'licence' | 'commercial' | 'weights' | 'convert'> {
  return {
    title: file.replace(/\.onnx$/i, '').slice(0, 80) || name,
    summary: 'Imported here.',
    licence: { name: 'not stated', url: null },
    commercial: true,
    weights: null,
    convert: null,
  };
}
