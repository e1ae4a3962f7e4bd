/** Numbers of bills made comparable: `master_house` by air, `master*house` by sea (GACC 2018-60, article 11). */

/** In capital letters, without blanks and hyphens; one sign between master and house, which manifests also write with a slash. */
export function plainBill(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\s\u200b-\u200d\ufeff\u2010-\u2015-]/gu, '')
    .toUpperCase()
    .replace(/[*/]/gu, '_');
}

/** Master and house of a plain bill; one part where it has no house. */
export function billParts(plain: string): readonly string[] {
  return plain.split('_').filter((part) => part !== '');
}

/** The same number in any case and spacing; a house bill is also found by its own part of `master_house`. */
export function isBill(typed: string, declared: string): boolean {
  const wanted = plainBill(typed);
  const found = plainBill(declared);
  return wanted !== '' && (found === wanted || billParts(found).includes(wanted));
}

/** Whether the 11th digit of an air waybill's number is the seven before it mod 7; undefined for what is no such number. */
export function hasWaybillCheckDigit(master: string): boolean | undefined {
  if (!/^\d{11}$/u.test(master)) return undefined;
  return Number(master.slice(3, 10)) % 7 === Number(master.slice(10));
}
