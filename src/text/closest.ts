/** Without case, spaces and underscores: names drift in them. */
export function folded(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_]/g, '');
}

/** The known name that most resembles `name`, or undefined where none does. */
export function closest(name: string, known: readonly string[]): string | undefined {
  const pairs = (text: string): Set<string> => {
    const bare = folded(text);
    return new Set(Array.from({ length: Math.max(0, bare.length - 1) }, (_, i) => bare.slice(i, i + 2)));
  };
  const wanted = pairs(name);
  const likeness = known.map((candidate) => {
    const has = pairs(candidate);
    const shared = [...wanted].filter((pair) => has.has(pair)).length;
    return { candidate, score: (2 * shared) / Math.max(1, wanted.size + has.size) };
  });
  const best = likeness.toSorted((a, b) => b.score - a.score)[0];
  return best !== undefined && best.score >= 0.4 ? best.candidate : undefined;
}
