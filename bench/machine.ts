import { cpus, loadavg, platform, release, totalmem } from 'node:os';

/** What a result depends on, a line each; load as it is now. */
export function describeMachine(): string[] {
  const [cpu] = cpus();
  return [
    `date: ${new Date().toISOString()}`,
    `machine: ${cpu?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, ${(totalmem() / 1024 ** 3).toFixed(0)} GiB, ${platform()} ${release()}`,
    `Node: ${process.version}`,
    `load before: ${describeLoad()}`,
  ];
}

/** Averages over 1, 5 and 15 minutes: well below the number of cores, or the figures mean little. */
export function describeLoad(): string {
  return loadavg()
    .map((load) => load.toFixed(2))
    .join(', ');
}
