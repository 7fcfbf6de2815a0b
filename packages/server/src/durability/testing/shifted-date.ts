// Imported before anything else by servers of tests: the clock of their machine is off by so many milliseconds.
const off = Number(process.env.CLOCK_OFF_MS);
globalThis.Date = new Proxy(Date, {
  construct: (real, given, target) => Reflect.construct(real, given.length === 0 ? [real.now() + off] : given, target),
  get: (real, name) => (name === 'now' ? () => real.now() + off : Reflect.get(real, name)),
});
