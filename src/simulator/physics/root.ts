/** Finds the zero of a falling function in [low, high] by bisection; undefined if there is none. */
export function fallingZero(f: (x: number) => number, low: number, high: number): number | undefined {
  if (f(low) < 0 || f(high) > 0) return undefined;
  let [from, to] = [low, high];
  for (let i = 0; i < 60; i++) {
    const middle = (from + to) / 2;
    if (f(middle) > 0) from = middle;
    else to = middle;
  }
  return (from + to) / 2;
}
