import {
  hasExpression,
  isFileRef,
  isShown,
  type Json,
  type NodeDescription,
  type ParamSpec,
  parseTemplate,
  withDefaults,
} from '@imaginarium/protocol';

/** The one line that says what a node will do, made of the params its type names: "1080 px · Cover". */
export function headlineOf(description: NodeDescription, params: Readonly<Record<string, Json>>): string {
  const values = withDefaults(description.params, params);
  const parts = (description.headline ?? []).flatMap((key) => {
    const spec = description.params[key];
    if (!spec || !isShown(spec, values)) return [];
    const text = describeValue(spec, values[key] ?? null);
    return text === '' ? [] : [text];
  });
  return parts.join(' · ');
}

/** A param's value in a few words; empty when there is nothing to say. */
export function describeValue(spec: ParamSpec, value: Json): string {
  if (typeof value === 'string' && hasExpression(value)) return describeTemplate(value);
  switch (spec.kind) {
    case 'choice':
      return spec.options.find((option) => option.value === value)?.label ?? String(value);
    case 'choices':
      return spec.options
        .flatMap((option) => ((value as Json[]).includes(option.value) ? [option.label] : []))
        .join(', ');
    case 'number':
    case 'slider':
      if (typeof value !== 'number') return '';
      return spec.unit === undefined ? String(value) : `${value} ${spec.unit}`;
    case 'toggle':
      return value === true ? spec.title : '';
    case 'asset': {
      const files = (Array.isArray(value) ? value : [value]).filter(isFileRef);
      const [first] = files;
      if (!first) return '';
      return files.length === 1 ? first.name : `${first.name} + ${files.length - 1}`;
    }
    case 'list':
      return Array.isArray(value) ? value.map(String).join(', ') : '';
    case 'key-value':
      return typeof value === 'object' && value !== null ? Object.keys(value).join(', ') : '';
    case 'json':
      return value === null ? '' : JSON.stringify(value);
    case 'model':
      return value === 'auto' ? '' : String(value);
    default:
      return typeof value === 'string' ? (value.split('\n', 1)[0]?.slice(0, 120) ?? '') : '';
  }
}

/** A text with expressions as a person reads it: `{{ run.workflow }}/{{ item.file.name }}` is "workflow/name". */
function describeTemplate(text: string): string {
  const words = parseTemplate(text).map((segment) => {
    if (segment.type === 'literal') return segment.text;
    return segment.type === 'path' ? String(segment.path.at(-1)) : '…';
  });
  return words.join('').slice(0, 120);
}
