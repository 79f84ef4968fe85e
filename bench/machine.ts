import { cpus, loadavg, platform, release, totalmem } from 'node:os';

/** Conditions on which a result depends, one line each, with the present load. */
export function describeMachine(): string[] {
  const [cpu] = cpus();
  return [
    `date: ${new Date().toISOString()}`,
    `machine: ${cpu?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, ${(totalmem() / 1024 ** 3).toFixed(0)} GiB, ${platform()} ${release()}`,
    `Node: ${process.version}`,
    `load before: ${describeLoad()}`,
  ];
}

/**
 * Averages over 1, 5 and 15 minutes: results are meaningful only if they are well below the number of cores.
 */
export function describeLoad(): string {
  return loadavg()
    .map((load) => load.toFixed(2))
    .join(', ');
}
