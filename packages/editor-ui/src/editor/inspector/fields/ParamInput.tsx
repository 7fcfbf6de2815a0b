import { hasExpression } from '@imaginarium/protocol';
import Switch from 'antd/es/switch';
import { AssetField } from './AssetField.tsx';
import { ChoiceField } from './ChoiceField.tsx';
import { ChoicesField } from './ChoicesField.tsx';
import { CodeField } from './CodeField.tsx';
import { ColourField } from './ColourField.tsx';
import { ariaOf, type FieldProps } from './field.ts';
import { JsonField } from './JsonField.tsx';
import { KeyValueField } from './KeyValueField.tsx';
import { ListField } from './ListField.tsx';
import { ModelField } from './ModelField.tsx';
import { NumberField } from './NumberField.tsx';
import { SliderField } from './SliderField.tsx';
import { TextField } from './TextField.tsx';

/** The field of a param, by its kind. A value that is an expression is edited as text, whatever the kind. */
export function ParamInput(props: FieldProps) {
  const { spec, value } = props;
  if (typeof value === 'string' && hasExpression(value) && spec.kind !== 'code' && spec.kind !== 'text')
    return <TextField {...props} spec={{ kind: 'expression', title: spec.title, default: '' }} />;
  switch (spec.kind) {
    case 'text':
    case 'expression':
      return <TextField {...props} spec={spec} />;
    case 'model':
      return <ModelField {...props} spec={spec} />;
    case 'number':
      return <NumberField {...props} spec={spec} />;
    case 'slider':
      return <SliderField {...props} spec={spec} />;
    case 'toggle':
      return <Switch {...ariaOf(props)} size="small" checked={value === true} onChange={props.onChange} />;
    case 'choice':
      return <ChoiceField {...props} spec={spec} />;
    case 'choices':
      return <ChoicesField {...props} spec={spec} />;
    case 'colour':
      return <ColourField {...props} spec={spec} />;
    case 'asset':
      return <AssetField {...props} spec={spec} />;
    case 'json':
      return <JsonField {...props} spec={spec} />;
    case 'code':
      return <CodeField {...props} spec={spec} />;
    case 'list':
      return <ListField {...props} spec={spec} Entry={ParamInput} />;
    case 'key-value':
      return <KeyValueField {...props} spec={spec} />;
  }
}
