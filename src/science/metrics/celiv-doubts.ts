import { findColumn, type Scan } from '../dataset.ts';
import { celivMobility, celivThickness } from './celiv-mobility.ts';
import type { CelivConditions, CelivResult } from './celiv-result.ts';
import { disagreements } from './metric.ts';

/** Usual bounds of a solar cell film's thickness, m. */
const THICKNESS = { least: 1e-8, most: 1e-5 };
/** Least ratio of t_max to the RC rise time. */
const LEAST_RISE_TIMES = 5;
/** Largest Δj/j0: beyond, the space charge of the carriers makes the correction invalid. */
const LARGEST_RATIO = 1;
/**
 * Relative difference of µ that is usual: the instrument looks for its maximum in noisy readings, and µ depends
 * on its square.
 */
const AGREEMENT = 0.25;

/** Objections that a specialist would raise. An objection that holds for several delays is stated once. */
export function celivDoubts(results: readonly CelivResult[], conditions: CelivConditions): string[] {
  return [
    ...thicknessDoubts(results, conditions),
    ...rampDoubts(results, conditions),
    ...collectionDoubts(results, conditions),
    ...transientDoubts(results, conditions),
    ...reportedDoubts(results),
  ];
}

/** Names the delays concerned: "delay 10 µs" or "3 of 11 delays"; undefined if there is none. */
function where(
  results: readonly CelivResult[],
  concerned: (result: CelivResult) => boolean,
): string | undefined {
  const found = results.filter(concerned);
  if (found.length === 0) return undefined;
  return found.length === 1 ? found[0]?.scan.label : `${found.length} of ${results.length} delays`;
}

function reported({ reported: values }: Scan, name: string): number | undefined {
  return values[name]?.value ?? undefined;
}

function thicknessDoubts(results: readonly CelivResult[], { thickness }: CelivConditions): string[] {
  if (thickness === undefined) return ['the film thickness is not known: no mobility'];
  const warnings: string[] = [];
  if (thickness > THICKNESS.most || thickness < THICKNESS.least) {
    warnings.push(
      `a film thickness of ${thickness} m (${Number((thickness * 1e9).toPrecision(6))} nm) is implausible: is it entered in m? The mobility goes with its square`,
    );
  }
  for (const { scan, rampRate } of results) {
    const [tMax, deltaJ, j0] = ['t_max', 'delta_j', 'j0'].map((name) => reported(scan, name));
    const mobility = reported(scan, 'mobility');
    if (!tMax || !j0 || deltaJ === undefined || !mobility || rampRate === undefined) continue;
    const own = celivMobility(thickness, rampRate, tMax, deltaJ / j0);
    if (Math.abs(own / mobility - 1) < 1e-3) continue;
    const implied = celivThickness(mobility, rampRate, tMax, deltaJ / j0);
    warnings.push(
      Number.isFinite(implied)
        ? `the instrument's mobility is that of a film of ${implied.toPrecision(4)} m, and the settings have ${thickness} m: do they belong to this measurement?`
        : "the instrument's mobility does not follow from its own t_max, ΔJ and J0",
    );
    break;
  }
  return warnings;
}

function rampDoubts(results: readonly CelivResult[], { rampStart, rampEnd }: CelivConditions): string[] {
  const asked = rampStart !== undefined && rampEnd !== undefined && rampEnd > rampStart;
  const measured = results.some(
    ({ scan }) => scan.direction === 'forward' && findColumn(scan, 'Time') !== undefined,
  );
  return asked || measured
    ? ['the ramp goes forward: it injects charge instead of extracting it; End (V) belongs below Start (V)']
    : [];
}

function collectionDoubts(
  results: readonly CelivResult[],
  { delaysAsked, light }: CelivConditions,
): string[] {
  const warnings: string[] = [];
  if (delaysAsked !== undefined && results.length > 0 && results.length < delaysAsked) {
    warnings.push(
      `${results.length} of ${delaysAsked} delays: the instrument holds only the latest, the others have to be fetched while it runs`,
    );
  }
  if (!light) warnings.push('taken without light pulses: no photogenerated charge, no mobility');
  return warnings;
}

function transientDoubts(
  results: readonly CelivResult[],
  { light, currentLimit, rampStart, rampEnd }: CelivConditions,
): string[] {
  const doubts: [string | undefined, string][] = [
    [
      where(
        results,
        ({ largest }) => currentLimit !== undefined && largest > 0 && largest >= 0.99 * currentLimit,
      ),
      `the current reaches the limit of ${currentLimit} A: the transient is cut off; a shorted pixel, or too small a range`,
    ],
    [
      where(results, ({ transient }) => transient.stillRising),
      'the current is still rising where the ramp ends: the ramp is too short for this film, or injects',
    ],
    [
      light
        ? where(
            results,
            ({ transient, duration }) =>
              duration !== undefined && transient.tMax === undefined && !transient.stillRising,
          )
        : undefined,
      'no extraction peak above the noise: no light, no contact, or all charge has recombined',
    ],
    [
      where(results, ({ transient: { tMax, riseTime } }) =>
        tMax === undefined || riseTime === undefined ? false : tMax < LEAST_RISE_TIMES * riseTime,
      ),
      `t_max is less than ${LEAST_RISE_TIMES} times the rise time: limited by RC, not by the mobility; use a slower ramp or a smaller area`,
    ],
    [
      where(results, ({ transient: { tMax }, duration }) =>
        tMax === undefined || duration === undefined ? false : tMax > 0.5 * duration,
      ),
      'the maximum lies in the second half of the ramp: use a longer or steeper ramp',
    ],
    [
      where(
        results,
        ({ transient: { deltaJ, j0 } }) =>
          deltaJ !== undefined && j0 !== undefined && deltaJ > LARGEST_RATIO * j0,
      ),
      'Δj exceeds j0: too much charge for the formula; use a weaker light pulse or a longer delay',
    ],
    [
      where(
        results,
        ({ scan, duration }) => duration === undefined && (scan.columns[0]?.values.length ?? 0) > 0,
      ),
      `no time scale: the voltages are no ramp of ${rampStart ?? '?'} to ${rampEnd ?? '?'} V, so that nothing is read off the curve`,
    ],
  ];
  return doubts.flatMap(([scans, text]) => (scans === undefined ? [] : [`${scans}: ${text}`]));
}

function reportedDoubts(results: readonly CelivResult[]): string[] {
  const atStart = where(results, ({ scan }) => reported(scan, 't_max') === 0);
  const infinite = where(
    results,
    ({ scan }) => scan.reported['mobility']?.value === null && reported(scan, 't_max') !== 0,
  );
  const opposite = where(
    results,
    ({ scan, transient, duration }) =>
      // If the curve shows no peak, the sign is that of noise.
      (duration === undefined || transient.tMax !== undefined) &&
      (reported(scan, 'delta_j') ?? 0) * (reported(scan, 'j0') ?? 0) < 0,
  );
  const differ = results.flatMap(({ metrics }) => {
    const mobility = metrics.filter(({ name }) => name === 'mobility');
    return disagreements(mobility, AGREEMENT);
  });
  return [
    ...(atStart === undefined
      ? []
      : [
          `${atStart}: the instrument found its maximum at the first sample (t_max = 0), which makes its mobility infinite`,
        ]),
    ...(infinite === undefined ? [] : [`${infinite}: the instrument gives no finite mobility`]),
    ...(opposite === undefined
      ? []
      : [
          `${opposite}: the instrument's ΔJ and J0 have opposite signs, so that its correction raises the mobility instead of lowering it`,
        ]),
    ...(differ.length > 1 ? [`${differ[0]}; ${differ.length - 1} more delays differ`] : differ),
  ];
}
