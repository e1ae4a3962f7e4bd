/** The named checks that `rules.json` can use. */
import type { CheckFactory } from '../rule.ts';
import { chargeRange } from './charge-range.ts';
import { checkDigit } from './check-digit.ts';
import { dateList, dateOrder, deadline } from './dates.ts';
import { atMost, decimalOrder, fractionDigits, positive } from './decimals.ts';
import { catchCertificate, documentNeeded, documentNeededForGoods } from './documents.ts';
import { element } from './element.ts';
import { allTheSame, consecutive, refersToLines, sameUnitSameQuantity, unique } from './lines.ts';
import { pattern } from './pattern.ts';
import { forbids, forbidsTogether, goesWith, requires } from './presence.ts';
import { productEquals } from './product-equals.ts';
import { byMode, oneOf, partOf } from './values.ts';
import { weightSum } from './weight-sum.ts';

export const checks: Readonly<Record<string, CheckFactory>> = {
  'all-the-same': allTheSame,
  'at-most': atMost,
  'by-mode': byMode,
  'catch-certificate': catchCertificate,
  'charge-range': chargeRange,
  'check-digit': checkDigit,
  consecutive,
  'date-list': dateList,
  'date-order': dateOrder,
  deadline,
  'decimal-order': decimalOrder,
  'document-needed': documentNeeded,
  'document-needed-for-goods': documentNeededForGoods,
  element,
  forbids,
  'forbids-together': forbidsTogether,
  'fraction-digits': fractionDigits,
  'goes-with': goesWith,
  'one-of': oneOf,
  'part-of': partOf,
  pattern,
  positive,
  'product-equals': productEquals,
  'refers-to-lines': refersToLines,
  requires,
  'same-unit-same-quantity': sameUnitSameQuantity,
  unique,
  'weight-sum': weightSum,
};
