export interface LinearFit {
  coefficients: number[];
  /** Inverse of the normal matrix: the covariance if the weights are 1/σ². */
  covariance: number[][];
}

/**
 * Finds the coefficients c that minimise Σ w·(y − Σ c_k·basis_k)², by the normal equations: suitable for a
 * handful of well-scaled basis functions. Undefined if the data does not determine them.
 *
 * @param basis one array per coefficient, each as long as y
 */
export function fitLinear(
  basis: readonly (readonly number[])[],
  y: readonly number[],
  weights: readonly number[] = [],
): LinearFit | undefined {
  const dot = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, value, i) => sum + value * (b[i] ?? 0) * (weights[i] ?? 1), 0);
  const covariance = invert(basis.map((row) => basis.map((other) => dot(row, other))));
  if (covariance === undefined) return undefined;
  const projected = basis.map((row) => dot(row, y));
  const coefficients = covariance.map((row) =>
    row.reduce((sum, value, i) => sum + value * (projected[i] ?? 0), 0),
  );
  return { coefficients, covariance };
}

/** Inverts a square matrix by Gauss-Jordan elimination with pivoting; undefined if the matrix is singular. */
export function invert(matrix: readonly (readonly number[])[]): number[][] | undefined {
  const size = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...Array.from({ length: size }, (_, k) => (k === i ? 1 : 0))]);
  for (let column = 0; column < size; column++) {
    const at = (row: number): number => Math.abs(rows[row]?.[column] ?? 0);
    let pivot = column;
    for (let row = column + 1; row < size; row++) if (at(row) > at(pivot)) pivot = row;
    const [chosen, displaced] = [rows[pivot], rows[column]];
    const largest = chosen?.[column] ?? 0;
    const scale = Math.max(...(matrix[column] ?? []).map(Math.abs));
    if (chosen === undefined || displaced === undefined || !(Math.abs(largest) > 1e-13 * scale))
      return undefined;
    rows[pivot] = displaced;
    const unit = chosen.map((value) => value / largest);
    rows[column] = unit;
    for (const [i, row] of rows.entries()) {
      const factor = row[column] ?? 0;
      if (i !== column && factor !== 0) rows[i] = row.map((value, k) => value - factor * (unit[k] ?? 0));
    }
  }
  return rows.map((row) => row.slice(size));
}
