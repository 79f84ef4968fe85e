/** A value inside nested data, with the names that lead to it. */
export interface Leaf {
  path: readonly string[];
  value: string | number | boolean | null;
}

/** Every value in nested data, in its order. A list of plain values is one leaf, as JSON; so is what is empty. */
export function leavesOf(data: unknown, path: readonly string[] = []): Leaf[] {
  if (typeof data === 'string' || typeof data === 'number' || typeof data === 'boolean')
    return [{ path, value: data }];
  if (typeof data !== 'object' || data === null) return [{ path, value: null }];
  const members = Object.entries(data);
  const isPlainList = Array.isArray(data) && members.every(([, item]) => typeof item !== 'object');
  if (members.length === 0 || isPlainList) return [{ path, value: JSON.stringify(data) }];
  return members.flatMap(([name, inner]) =>
    leavesOf(inner, [...path, Array.isArray(data) ? `${Number(name) + 1}` : name]),
  );
}
