import type { Json, JsonObject } from '@imaginarium/protocol';
import { ParamField } from '../inspector/ParamField.tsx';
import type { AskedInput } from './asked-inputs.ts';
import styles from './RunFields.module.css';
import { useLooseUploads } from './use-loose-uploads.ts';

interface RunFieldsProps {
  inputs: readonly AskedInput[];
  /** What was filled in; the others hold what the workflow proposes. */
  given: JsonObject;
  onChange(given: JsonObject): void;
}

/** A field for each thing that a run asks for. */
export function RunFields({ inputs, given, onChange }: RunFieldsProps) {
  return (
    <div className={styles.fields}>
      {inputs.map((input) => (
        <RunInput
          key={input.key}
          input={input}
          value={given[input.key] ?? input.value}
          onChange={(value) => onChange(withValue(given, input.key, value))}
        />
      ))}
    </div>
  );
}

interface RunInputProps {
  input: AskedInput;
  value: Json;
  onChange(value: Json | undefined): void;
}

function RunInput({ input, value, onChange }: RunInputProps) {
  const assets = useLooseUploads(input.spec, value, onChange);
  return <ParamField spec={{ ...input.spec, title: input.title }} value={value} onChange={onChange} assets={assets} />;
}

function withValue(given: JsonObject, key: string, value: Json | undefined): JsonObject {
  const { [key]: _before, ...others } = given;
  return value === undefined ? others : { ...others, [key]: value };
}
