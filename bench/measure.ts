/** Times of one round, ms, by name. */
export type Round<K extends string> = Record<K, number>;

/**
 * Measures each in turn, round after round (A B A B …), so that other work of the machine affects all alike.
 * One round before is not counted.
 */
export async function interleave<K extends string>(
  rounds: number,
  measured: Record<K, () => Promise<number> | number>,
): Promise<Round<K>[]> {
  const names = Object.keys(measured) as K[];
  const results: Round<K>[] = [];
  for (let round = -1; round < rounds; round++) {
    const times: Partial<Round<K>> = {};
    // The second in a round finds warm caches: the order changes with every round.
    const order = round % 2 === 0 ? names : names.toReversed();
    for (const name of order) times[name] = await measured[name]();
    if (round >= 0) results.push(times as Round<K>);
  }
  return results;
}

export interface Spread {
  median: number;
  /** First and third quartile. */
  from: number;
  to: number;
  count: number;
}

/** @param values at least one */
export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => {
    const place = share * (sorted.length - 1);
    const [below, above] = [sorted[Math.floor(place)] ?? Number.NaN, sorted[Math.ceil(place)] ?? Number.NaN];
    return below + (above - below) * (place - Math.floor(place));
  };
  return { median: at(0.5), from: at(0.25), to: at(0.75), count: sorted.length };
}

export const median = (values: readonly number[]): number => spread(values).median;

/** The ratio of each round, and the median of them: a round compares measurements that ran side by side. */
export function ratios<K extends string>(
  rounds: readonly Round<K>[],
  ours: (round: Round<K>) => number,
  reference: (round: Round<K>) => number,
): Spread {
  return spread(rounds.map((round) => ours(round) / reference(round)));
}

export async function timed(act: () => unknown): Promise<number> {
  const start = performance.now();
  await act();
  return performance.now() - start;
}
