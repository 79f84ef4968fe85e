export interface Curve {
  name: string;
  points: readonly (readonly [x: number, y: number])[];
}

const WIDTH = 60;
const HEIGHT = 14;
const MARKS = ['·', 'o', '+', 'x'];

/** Draws a small plot for a terminal; y below zero is cut. */
export function drawCurves(curves: readonly Curve[], units: { x: string; y: string }): string {
  const points = curves.flatMap(({ points: p }) => p);
  const xs = points.map(([x]) => x);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const top = Math.ceil(Math.max(...points.map(([, y]) => y)) / 5) * 5;
  const rows = Array.from({ length: HEIGHT }, () => Array.from({ length: WIDTH }, () => ' '));
  for (const [i, { points: p }] of curves.entries()) {
    for (const [x, y] of p) {
      const column = Math.round(((x - left) / (right - left)) * (WIDTH - 1));
      const row = Math.round((1 - y / top) * (HEIGHT - 1));
      const line = rows[row];
      if (line !== undefined) line[column] = MARKS[i % MARKS.length] ?? '·';
    }
  }
  const axis = (row: number): string => (row === 0 ? String(top) : row === HEIGHT - 1 ? '0' : '').padStart(5);
  const legend = curves.map(({ name }, i) => `${MARKS[i % MARKS.length] ?? ''} ${name}`).join('   ');
  return [
    `  ${units.y}`,
    ...rows.map((cells, row) => `${axis(row)} │${cells.join('')}`),
    `      └${'─'.repeat(WIDTH)}`,
    `       ${left.toFixed(2).padEnd(WIDTH - 6)}${right.toFixed(2)} ${units.x}`,
    `       ${legend}`,
  ].join('\n');
}
