/** An objection, and the scan that shows it. */
export interface Doubt {
  scan: string;
  text: string;
}

/** Makes one sentence for each objection, however many of the `total` scans show it. */
export function gatherDoubts(doubts: readonly Doubt[], total: number): string[] {
  const scansOf = new Map<string, string[]>();
  for (const { scan, text } of doubts) scansOf.set(text, [...(scansOf.get(text) ?? []), scan]);
  return [...scansOf].map(([text, scans]) => {
    if (total > 1 && scans.length === total) return `all ${total} scans: ${text}`;
    const more = scans.length > 1 ? ` and ${scans.length - 1} more of ${total} scans` : '';
    return `${scans[0] ?? ''}${more}: ${text}`;
  });
}
