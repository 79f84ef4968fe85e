/**
 * Whether a text fits a pattern in which `*` stands for any characters and `?` for one, in any case. In time that is
 * at most proportional to the product of the lengths, whatever the pattern.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  const [p, t] = [characters(pattern), characters(text)];
  let [at, place] = [0, 0];
  // Position to go on from if the pattern does not fit: one more character for the last `*`.
  let retry: { readonly at: number; place: number } | undefined;
  while (place < t.length) {
    if (p[at] === '*') {
      retry = { at: at + 1, place };
      at += 1;
    } else if (at < p.length && (p[at] === '?' || p[at] === t[place])) {
      at += 1;
      place += 1;
    } else if (retry === undefined) {
      return false;
    } else {
      retry.place += 1;
      ({ at, place } = retry);
    }
  }
  return p.slice(at).every((rest) => rest === '*');
}

function characters(text: string): string[] {
  return Array.from(text.normalize('NFC').toLowerCase());
}
