import { hasExpression, refuseExpression, segmentsIn } from '@imaginarium/protocol';
import Input from 'antd/es/input';
import { useTranslation } from 'react-i18next';
import { ariaOf, type FieldProps, type SpecOf } from './field.ts';
import styles from './fields.module.css';
import { WorkflowField } from './WorkflowField.tsx';

type TextSpec = SpecOf<'text'> | SpecOf<'expression'>;

/** A line or a block of text. Says when it holds an expression, and whether that can be read. */
export function TextField(props: FieldProps<TextSpec>) {
  const { spec, value, onChange, invalid } = props;
  const text = typeof value === 'string' ? value : '';
  const isExpression = spec.kind === 'expression' || hasExpression(text);
  const common = {
    ...ariaOf(props),
    value: text,
    placeholder: placeholderOf(spec),
    status: invalid ? ('error' as const) : undefined,
    className: isExpression ? styles.mono : undefined,
    onChange: (event: { target: { value: string } }) => onChange(event.target.value),
  };
  if (spec.kind === 'text' && spec.picks && !isExpression) return <WorkflowField {...props} spec={spec} />;
  return (
    <>
      {spec.kind === 'text' && spec.multiline ? (
        <Input.TextArea {...common} autoSize={{ minRows: 2, maxRows: 10 }} />
      ) : (
        <Input {...common} />
      )}
      {hasExpression(text) && <ExpressionNote text={text} />}
    </>
  );
}

/** Says that a text is worked out for each item, or what in it cannot be. */
export function ExpressionNote({ text }: { text: string }) {
  const { t } = useTranslation('editor');
  const refused = segmentsIn(text)
    .filter(({ type }) => type === 'code')
    .map(({ source }) => ({ source, reason: refuseExpression(source) }))
    .find(({ reason }) => reason !== undefined);
  return (
    <span className={`${styles.expression} ${refused ? styles.unreadable : ''}`}>
      <b aria-hidden>{'{ }'}</b>
      {refused ? t('param.brokenExpression', refused) : t('param.expression')}
    </span>
  );
}

function placeholderOf(spec: TextSpec): string | undefined {
  if (spec.kind === 'text') return spec.placeholder;
  return '{{ item.name }}';
}
