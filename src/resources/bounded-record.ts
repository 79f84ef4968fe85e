/** Bytes of the record in a resource, at most. */
const MOST_BYTES = 1024 * 1024;

/** Cuts the members of a record that take most, with a sentence in their place, until the rest fits. */
export function boundedRecord(record: Readonly<Record<string, unknown>>, wholeFile: string): string {
  let shown: Record<string, unknown> = { ...record };
  let text = JSON.stringify(shown, null, 2);
  while (Buffer.byteLength(text) > MOST_BYTES) {
    const sizes = Object.entries(shown).map(([name, value]) => ({
      name,
      bytes: JSON.stringify(value ?? null).length,
    }));
    const [largest] = sizes.toSorted((a, b) => b.bytes - a.bytes);
    if (largest === undefined) break;
    shown = { ...shown, [largest.name]: `LEFT OUT: ${largest.bytes} characters; see ${wholeFile}` };
    text = JSON.stringify(shown, null, 2);
  }
  return text;
}
