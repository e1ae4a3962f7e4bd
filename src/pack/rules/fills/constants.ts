/** Fills a fixed value, a copy, or what a table of modes says. */
import { listed, refOf, single, valueOf } from '../field.ts';
import { compileModeTable } from '../mode-table.ts';
import { readCount, readField, readText } from '../options.ts';
import type { FillFactory } from '../rule.ts';
import { put, putAll } from './put.ts';

/** `field` (of a segment that occurs once) becomes `value`. */
export const constant: FillFactory = (options, rule) => {
  const field = refOf(readField(options, 'field'));
  const value = readText(options, 'value');
  return (content, filled) => put(content, field, value, rule, filled);
};

/** `field` becomes `value` on every line. */
export const constantOnLines: FillFactory = (options, rule) => {
  const field = refOf(readField(options, 'field'));
  const value = readText(options, 'value');
  return (content, filled) => putAll(content, field, () => value, rule, filled);
};

/** `to` becomes `from`, its characters `start` to `end`, unless it is shorter than `end` or ends with `notEnding` (where that is not empty). */
export const copy: FillFactory = (options, rule) => {
  const from = refOf(readField(options, 'from'));
  const to = refOf(readField(options, 'to'));
  const start = readCount(options, 'start');
  const end = readCount(options, 'end');
  const notEnding = readText(options, 'notEnding');
  return (content, filled) => {
    const value = valueOf(content, from);
    if (value.length < end || (notEnding !== '' && value.endsWith(notEnding))) return;
    put(content, to, value.slice(start, end), rule, filled);
  };
};

/** `field`, of the head or of every line, becomes what the table of modes has. */
export const byModeFill: FillFactory = (options, rule, deps) => {
  const field = refOf(readField(options, 'field'));
  const valueFor = compileModeTable(options);
  const isList = deps.segments.get(field.segment)?.kind === 'list';
  return (content, filled) => {
    const isFull = isList
      ? listed(content, field.segment).every((line) => (line[field.tag] ?? '') !== '')
      : (single(content, field.segment)[field.tag] ?? '') !== '';
    if (isFull) return;
    const value = valueFor(content);
    if (value === undefined) return;
    if (isList) putAll(content, field, () => value, rule, filled);
    else put(content, field, value, rule, filled);
  };
};
