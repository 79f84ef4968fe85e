import { column, type Dataset, type Scan } from '../../science/dataset.ts';

/** Live readings, of which the instrument keeps only the latest, as a series over the time. */
export class LiveSeries {
  readonly #routine: string;
  #first: Scan | undefined;
  #info: Dataset['info'] = {};
  readonly #times: number[] = [];
  readonly #values: (number | null)[][] = [];

  constructor(routine: string) {
    this.#routine = routine;
  }

  /** @param seconds since the start */
  add({ scans: [scan], info }: Dataset, seconds: number): void {
    if (scan === undefined) return;
    this.#first ??= scan;
    this.#info = info;
    this.#times.push(Number(seconds.toFixed(3)));
    this.#values.push(this.#first.columns.map(({ name }) => lastOf(scan, name)));
  }

  dataset(): Dataset {
    const columns = this.#first?.columns ?? [];
    return {
      routine: this.#routine,
      info: this.#info,
      scans: [
        {
          label: 'readings',
          conditions: {},
          columns: [
            { name: 'Time', unit: 's', values: [...this.#times] },
            ...columns.map(({ name, unit }, i) => ({
              name,
              unit,
              values: this.#values.map((row) => row[i] ?? null),
            })),
          ],
          reported: {},
        },
      ],
      notes: ['the time is that of this computer, when each reading was fetched'],
    };
  }
}

function lastOf(scan: Scan, name: string): number | null {
  return scan.columns.some((candidate) => candidate.name === name)
    ? (column(scan, name).values.at(-1) ?? null)
    : null;
}
