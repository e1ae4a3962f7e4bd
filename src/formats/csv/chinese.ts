/** Tells GB18030 from Big5, and both from what is neither, by how common the characters would be. */

/** At least this share of the characters must be common ones; Chinese prose and lists have over nine tenths. */
const leastCommon = 0.4;
/** By how much Big5 must win: GB18030 is what Chinese Excel and WPS write. */
const lead = 0.1;

/**
 * `sample`: whole lines with bytes over 127. `undefined` where neither is plausible (Shift_JIS, Western code pages, damage).
 * Common are, in GB 2312, the symbols and the 3,755 characters of level 1 (first byte B0–D7), in Big5 the symbols and the 5,401
 * of level 1 (first byte A4–C6).
 */
export function likelyChinese(sample: Uint8Array): 'gb18030' | 'big5' | undefined {
  const gb = shareOfCommon(sample, 'gb18030', (first, second) => {
    const isCommonRow = (first >= 0xa1 && first <= 0xa3) || (first >= 0xb0 && first <= 0xd7);
    return isCommonRow && second >= 0xa1;
  });
  const big5 = shareOfCommon(sample, 'big5', (first) => first >= 0xa1 && first <= 0xc6);
  if (big5 >= leastCommon && big5 > gb + lead) return 'big5';
  return gb >= leastCommon ? 'gb18030' : undefined;
}

function shareOfCommon(
  sample: Uint8Array,
  label: 'gb18030' | 'big5',
  isCommon: (first: number, second: number) => boolean,
): number {
  try {
    const text = new TextDecoder(label, { fatal: true }).decode(sample, { stream: true });
    // Unassigned Big5 codes decode to private-use characters.
    if (label === 'big5' && /\p{Co}/u.test(text)) return 0;
  } catch {
    return 0;
  }
  let characters = 0;
  let common = 0;
  for (let at = 0; at < sample.length;) {
    const first = sample[at] ?? 0;
    const second = sample[at + 1] ?? 0;
    if (first <= 0x80) at += 1;
    else if (second >= 0x30 && second <= 0x39) at += 4;
    else {
      characters++;
      if (isCommon(first, second)) common++;
      at += 2;
    }
  }
  // Four-byte characters alone (rare names) are GB18030 by their form.
  return characters === 0 ? (label === 'gb18030' ? 1 : 0) : common / characters;
}
