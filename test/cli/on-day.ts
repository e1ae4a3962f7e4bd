/** Loaded before the command line (`NODE_OPTIONS=--import`): the clock runs as ever, from the day in `DECLARANT_TEST_DAY` on. What is checked against today says the same next year. */
const day = process.env['DECLARANT_TEST_DAY'];
const RealDate = Date;
if (day !== undefined) {
  const shift = RealDate.parse(`${day}T04:00:00Z`) - RealDate.now();
  const now = (): number => RealDate.now() + shift;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, given, newTarget) =>
      Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget),
    apply: () => new RealDate(now()).toString(),
    get: (target, name, receiver) => (name === 'now' ? now : Reflect.get(target, name, receiver)),
  });
}
