/** Dates against each other and against today. A date that is none is the shape check's business. */
import { dayNumber } from '../calendar.ts';
import { nothing, perValue, placeOf, refOf, valueOf } from '../field.ts';
import { readCount, readField, readFields, readText } from '../options.ts';
import type { CheckFactory } from '../rule.ts';

/** `earlier` is not after `later`; both in segments that occur once. */
export const dateOrder: CheckFactory = (options) => {
  const earlier = refOf(readField(options, 'earlier'));
  const later = refOf(readField(options, 'later'));
  return (content) => {
    const first = valueOf(content, earlier);
    const second = valueOf(content, later);
    if (first.length !== 8 || second.length !== 8 || first <= second) return nothing;
    if (dayNumber(first) === undefined || dayNumber(second) === undefined) return nothing;
    return [{ places: [placeOf(earlier), placeOf(later)], facts: { earlier: first, later: second } }];
  };
};

/** Not more than `days` from `field` until today. */
export const deadline: CheckFactory = (options) => {
  const field = refOf(readField(options, 'field'));
  const days = readCount(options, 'days');
  return (content, context) => {
    const from = valueOf(content, field);
    if (from >= context.today || from === '') return nothing;
    const start = dayNumber(from);
    const today = dayNumber(context.today);
    if (start === undefined || today === undefined || today - start <= days) return nothing;
    return [
      {
        places: [placeOf(field)],
        facts: { days, passed: today - start, over: today - start - days, date: from },
      },
    ];
  };
};

/** Each of `fields` holds days, `yyyyMMdd`, parted by `separator`. */
export const dateList: CheckFactory = (options) => {
  const separator = readText(options, 'separator');
  return perValue(readFields(options, 'fields'), (value, ref, index) => {
    const wrong = value.split(separator).filter((date) => dayNumber(date) === undefined);
    return wrong.length === 0 ? undefined : { places: [placeOf(ref, index)], facts: { wrong } };
  });
};
