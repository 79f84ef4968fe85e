/**
 * Every n-th value, so that at most `most` are left: for fits whose time grows with the points and whose result
 * does not.
 */
export function thinned<T>(values: readonly T[], most: number): readonly T[] {
  const every = Math.ceil(values.length / most);
  return every <= 1 ? values : values.filter((_, i) => i % every === 0);
}
