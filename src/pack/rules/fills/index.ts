/** The named fills that `defaults.json` can use. */
import type { FillFactory } from '../rule.ts';
import { byModeFill, constant, constantOnLines, copy } from './constants.ts';
import { lineNumber, onlyHoldsAll, product, quotient, sameUnit } from './lines.ts';

export const fills: Readonly<Record<string, FillFactory>> = {
  'by-mode': byModeFill,
  constant,
  'constant-on-lines': constantOnLines,
  copy,
  'line-number': lineNumber,
  'only-holds-all': onlyHoldsAll,
  product,
  quotient,
  'same-unit': sameUnit,
};
