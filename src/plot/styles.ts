import type { Curve } from './chart.ts';

/** Okabe and Ito's colours without the yellow, which is hard to see on white. */
const COLOURS = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#000000', '#E69F00', '#56B4E9'];
/** Viridis from its dark end to the point at which it becomes too pale: lightness rises, in grey too. */
const ORDERED = ['#440154', '#46327e', '#365c8d', '#277f8e', '#1fa187', '#4ac16d', '#8fc93a'];
export const INK = '#1a1a1a';

type Outline = readonly (readonly [x: number, y: number])[];

const regular = (corners: number, turn: number): Outline =>
  Array.from({ length: corners }, (_, i) => {
    const angle = ((i + turn) * 2 * Math.PI) / corners;
    return [Number(Math.sin(angle).toFixed(3)), Number((-Math.cos(angle)).toFixed(3))] as const;
  });
const SHAPES: readonly Outline[] = [
  regular(20, 0),
  regular(4, 0.5),
  regular(3, 0),
  regular(4, 0),
  regular(3, 0.5),
  regular(5, 0),
];

export interface Style {
  colour: string;
  /** Corners of the symbol within −1 to 1, y downwards. */
  outline: Outline;
  hollow: boolean;
}

/** Colour and symbol of a group. The first six symbols are filled, the next six hollow. */
export function styleOf(group: number | 'fit', ordered: boolean, groups: number): Style {
  const outline = SHAPES[group === 'fit' ? 0 : group % SHAPES.length] ?? SHAPES[0] ?? [];
  if (group === 'fit') return { colour: INK, outline, hollow: false };
  const hollow = Math.floor(group / SHAPES.length) % 2 === 1;
  const colour = ordered
    ? blend(groups < 2 ? 0 : group / (groups - 1))
    : (COLOURS[group % COLOURS.length] ?? INK);
  return { colour, outline, hollow };
}

/** Returns a colour of the ordered scale, from 0 to 1. */
function blend(share: number): string {
  const at = Math.min(1, Math.max(0, share)) * (ORDERED.length - 1);
  const [from, to] = [ORDERED[Math.floor(at)] ?? INK, ORDERED[Math.ceil(at)] ?? INK];
  const part = (i: number): string => {
    const [a, b] = [from, to].map((colour) => Number.parseInt(colour.slice(i, i + 2), 16));
    return Math.round((a ?? 0) + (at % 1) * ((b ?? 0) - (a ?? 0)))
      .toString(16)
      .padStart(2, '0');
  };
  return `#${part(1)}${part(3)}${part(5)}`;
}

/** Lengths of dashes and gaps, px. */
export function dashOf(line: Curve['line']): number[] | 'solid' {
  return { solid: 'solid' as const, dashed: [8, 5], dotted: [2, 4] }[line];
}
