const WIDE = /[mwMWOQ@%—…½Ω²\u2e80-\uffff]/u;
const NARROW = /[iljIftr.,:;'|!()[\]/ "]/;
const CAPITAL = /[A-Z&#+=−<>~]/;

/** Width of text in DejaVu Sans, px, rather too large than too small. */
export function textWidth(text: string, fontSize: number): number {
  let em = 0;
  for (const character of text) {
    em += WIDE.test(character) ? 0.95 : NARROW.test(character) ? 0.4 : CAPITAL.test(character) ? 0.75 : 0.63;
  }
  return em * fontSize;
}

/** Cuts text that would be wider than `width` px. */
export function fitText(text: string, fontSize: number, width: number): string {
  if (textWidth(text, fontSize) <= width) return text;
  const characters = Array.from(text);
  while (characters.length > 1 && textWidth(`${characters.join('')}…`, fontSize) > width) characters.pop();
  return `${characters.join('').trimEnd()}…`;
}
