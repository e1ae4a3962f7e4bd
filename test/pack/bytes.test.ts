/** Bytes are counted as the interface's encoding has them. */
import { describe, expect, it } from 'vitest';
import { gb18030Bytes } from '../../src/pack/bytes.ts';

/** What the platform's decoder says: every character of the basic plane that a sequence of two bytes stands for. */
function twoByteCharacters(): Set<number> {
  const decoder = new TextDecoder('gb18030', { fatal: true });
  const found = new Set<number>();
  for (let lead = 0x81; lead <= 0xfe; lead += 1) {
    for (let trail = 0x40; trail <= 0xfe; trail += 1) {
      if (trail === 0x7f) continue;
      try {
        const text = decoder.decode(new Uint8Array([lead, trail]));
        if (text.length === 1) found.add(text.charCodeAt(0));
      } catch {
        // no character has this code
      }
    }
  }
  return found;
}

describe('counting bytes of GB18030', () => {
  it('agrees with the decoder over the whole basic plane', () => {
    const two = twoByteCharacters();
    const wrong: string[] = [];
    for (let unit = 0; unit < 0x10000; unit += 1) {
      if (unit >= 0xd800 && unit < 0xe000) continue;
      const expected = unit < 0x80 ? 1 : two.has(unit) ? 2 : 4;
      if (gb18030Bytes(String.fromCharCode(unit)) !== expected) wrong.push(unit.toString(16));
    }
    expect(wrong).toEqual([]);
  });

  it('counts a Chinese character as two, a letter as one, and a rare character beyond the plane as four', () => {
    expect(gb18030Bytes('中文AB')).toBe(6);
    expect(gb18030Bytes('𠮷')).toBe(4);
  });

  it('adds up the characters of a text', () => {
    const text = 'A中𠮷·Ö한';
    expect(gb18030Bytes(text)).toBe(Array.from(text, gb18030Bytes).reduce((sum, bytes) => sum + bytes, 0));
  });
});
