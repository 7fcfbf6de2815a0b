import { type FormEvent, useState } from 'react';

/** What a form holds: text fields by name. */
type Values = Record<string, string>;

interface FormOptions<V extends Values> {
  initial: V;
  /** What is wrong with the values, by field; a field that is right is absent. */
  check: (values: V) => Partial<Record<keyof V, string>>;
  /** Called with values that are right. */
  onSubmit: (values: V) => void;
}

/** State of a small form. A field shows its error once it was left or the form was sent, never before. */
export function useForm<V extends Values>({ initial, check, onSubmit }: FormOptions<V>) {
  const [values, setValues] = useState(initial);
  const [touched, setTouched] = useState<ReadonlySet<keyof V>>(new Set());
  const problems = check(values);

  return {
    values,
    /** What to give an input. */
    field: (name: keyof V & string) => ({
      name,
      value: values[name] ?? '',
      error: touched.has(name) ? problems[name] : undefined,
      onChange: (value: string) => setValues((before) => ({ ...before, [name]: value })),
      // An empty field that was only passed through is not wrong yet.
      onBlur: () => values[name] !== '' && setTouched((before) => new Set(before).add(name)),
    }),
    reset: () => {
      setValues(initial);
      setTouched(new Set());
    },
    submit: (event: FormEvent<HTMLFormElement>) => {
      event.preventDefault();
      setTouched(new Set(Object.keys(values)));
      const wrong = Object.keys(values).find((name) => problems[name] !== undefined);
      if (wrong === undefined) return onSubmit(values);
      event.currentTarget.querySelector<HTMLInputElement>(`[name="${wrong}"]`)?.focus();
    },
  };
}
