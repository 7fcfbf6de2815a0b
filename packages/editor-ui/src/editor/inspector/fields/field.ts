import type { Json, ParamSpec } from '@imaginarium/protocol';
import type { Upload } from '../../../api/use-uploads.ts';

/** The files of an asset param: what is on its way, and how to send more. */
export interface AssetUploads {
  uploads: readonly Upload[];
  addFiles(files: readonly File[]): void;
  dismiss(id: string): void;
}

/** What every field of a param form is given. */
export interface FieldProps<Spec extends ParamSpec = ParamSpec> {
  /** The id that the label points at. */
  id: string;
  spec: Spec;
  value: Json;
  /** `undefined` goes back to the default. */
  onChange(value: Json | undefined): void;
  /** The id of the help or error below. */
  describedBy: string | undefined;
  invalid: boolean;
  assets: AssetUploads;
}

export type SpecOf<Kind extends ParamSpec['kind']> = Extract<ParamSpec, { kind: Kind }>;

/** What a screen reader hears of a field beside its label. */
export function ariaOf({
  id,
  spec,
  describedBy,
  invalid,
}: Pick<FieldProps, 'id' | 'spec' | 'describedBy' | 'invalid'>) {
  return {
    id,
    'aria-describedby': describedBy,
    'aria-invalid': invalid || undefined,
    'aria-required': spec.required || undefined,
  };
}
