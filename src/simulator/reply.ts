/**
 * JSON text as LabVIEW writes it: 15 significant digits, `1E-4` for small numbers, and bare `NaN`, `Infinity`
 * and `-Infinity`, which JSON does not have and JSON.stringify turns into null.
 * Members that are undefined are left out.
 */
export function labviewJson(value: unknown): string {
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(labviewJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${labviewJson(member)}`).join(',')}}`;
  }
  return 'null';
}

function numberText(value: number): string {
  // Rounding may take the largest numbers to Infinity.
  const rounded = Number(value.toPrecision(15));
  if (!Number.isFinite(rounded)) return String(rounded);
  const magnitude = Math.abs(rounded);
  if (rounded === 0) return '0';
  if (magnitude >= 1e-3 && magnitude < 1e15) return String(rounded);
  return rounded.toExponential().toUpperCase();
}
