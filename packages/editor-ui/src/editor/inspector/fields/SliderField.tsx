import InputNumber from 'antd/es/input-number';
import Slider from 'antd/es/slider';
import { ariaOf, type FieldProps, type SpecOf } from './field.ts';
import styles from './fields.module.css';

/** A number between two ends: dragged, or typed beside it. */
export function SliderField(props: FieldProps<SpecOf<'slider'>>) {
  const { spec, value, onChange, invalid } = props;
  const number = typeof value === 'number' ? value : spec.default;
  const step = spec.step ?? (spec.max - spec.min <= 1 ? 0.01 : 1);
  return (
    <span className={styles.slider}>
      <Slider
        min={spec.min}
        max={spec.max}
        step={step}
        value={number}
        tooltip={{ open: false }}
        ariaLabelForHandle={spec.title}
        onChange={(next) => onChange(next)}
      />
      <InputNumber
        {...ariaOf(props)}
        value={number}
        step={step}
        suffix={spec.unit}
        controls={false}
        status={invalid ? 'error' : undefined}
        onChange={(next) => onChange(typeof next === 'number' ? next : undefined)}
      />
    </span>
  );
}
