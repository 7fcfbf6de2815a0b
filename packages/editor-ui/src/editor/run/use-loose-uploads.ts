import type { Json, ParamSpec } from '@imaginarium/protocol';
import { useRef } from 'react';
import { useUploads } from '../../api/use-uploads.ts';
import type { AssetUploads } from '../inspector/fields/field.ts';
import { filesIn } from '../store/upload-slice.ts';

/** Uploads for a value that belongs to no node: what a run is asked with. */
export function useLooseUploads(
  spec: ParamSpec,
  value: Json,
  onChange: (value: Json | undefined) => void,
): AssetUploads {
  const held = useRef(filesIn(value));
  held.current = filesIn(value);
  const multiple = spec.kind === 'asset' && (spec.multiple ?? false);
  const { uploads, send, dismiss } = useUploads((file) => {
    held.current = multiple ? [...held.current, file] : [file];
    onChange((multiple ? held.current : file) as unknown as Json); // File references are plain data.
  });
  return {
    uploads,
    addFiles: async (files) => {
      // One after another, so that they keep the order they were chosen in.
      for (const file of multiple ? files : files.slice(0, 1)) await send([file]);
    },
    dismiss,
  };
}
