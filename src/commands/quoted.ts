/** A word as a person would type it again. */
export function quoted(word: string): string {
  return /^[\p{L}\p{N}_\-./:=@,\\]+$/u.test(word) ? word : JSON.stringify(word);
}
