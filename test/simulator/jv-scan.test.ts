import { describe, expect, it } from 'vitest';
import {
  about,
  type JvScan,
  jvDataOf,
  jvSettings,
  measureJv,
  ONE_SUN,
  openRoutine,
  type Setup,
  scanOf,
  setUp,
  statusOf,
} from './helpers.ts';

async function openJv(): Promise<Setup> {
  const setup = await setUp();
  await openRoutine(setup, 'JV');
  return setup;
}

const volts = (scan: JvScan): number[] => scan.data.map(([v]) => v);
const densities = (scan: JvScan): number[] => scan.data.map(([, j]) => j);
const rises = (scan: JvScan): boolean => (volts(scan).at(-1) ?? 0) > (volts(scan)[0] ?? 0);
/** To the millivolts that the source is off. */
const near = (value: number): unknown => about(value, 2);

describe('a JV scan', () => {
  it('has 142 points and takes about 15 s as the settings come', async () => {
    const setup = await openJv();
    const { client, clock } = setup;
    await client.data('ROUTINE', 'StartMeasurement');
    clock.pass(15.4);
    expect((await statusOf(client)).routine_status).toBe('Running');
    clock.pass(0.2);
    expect((await statusOf(client)).routine_status).toBe('Ready');
    expect((await jvDataOf(client)).scans.map((scan) => scan.data.length)).toEqual([71, 71]);
  });

  it('reports its progress under the names and misspellings of the instrument', async () => {
    const setup = await openJv();
    const { client, clock } = setup;
    await client.data(
      'ROUTINE',
      'ApplySettings',
      jvSettings({ light: ONE_SUN, scan: { 'Auto Voc': false } }),
    );
    await client.data('ROUTINE', 'StartMeasurement');
    clock.pass(0.3 + 1 + 0.35);
    client.sendJson({ target: 'ROUTINE', command: 'GetTestStatus' });
    expect(String(await client.payload())).toMatch(
      /"progress":\{"voltage":\{"value":-0\.14,"unit":"V"\},"current":\{"value":0\.02\d+,"unit":"A\/cmÂ²"\},"direction":"Forward","points done":3,"total points":142,"progres_pct":2\.11,"sweep_index":0,"total_scans":1\},"error":null\},"simulator"/,
    );
    clock.pass(8);
    expect((await statusOf(client)).progress).toMatchObject({ direction: 'Reverse', 'points done': 83 });
  });

  it('calls A/cm² mA/cm², in the data but not in the parameters', async () => {
    const { scans } = await measureJv(await openJv(), jvSettings({ light: ONE_SUN }));
    for (const scan of scans) {
      expect(scan.sweep_indices).toEqual([-1]);
      expect(scan.data_schema).toEqual([
        { name: 'Voltage', unit: 'V' },
        { name: 'Current', unit: 'mA/cm^2' },
      ]);
      const atZero = scan.data.find(([v]) => Math.abs(v) < 0.01)?.[1] ?? 0;
      expect(Math.abs((atZero * 1000) / scan.parameters.jsc.value - 1)).toBeLessThan(0.005);
      const { voc, jsc, p_mpp, v_mpp, j_mpp, 'fill factor': ff } = scan.parameters;
      expect(ff.value).toBeCloseTo((100 * p_mpp.value) / (voc.value * jsc.value), 9);
      expect(p_mpp.value).toBeCloseTo(v_mpp.value * j_mpp.value, 9);
    }
  });

  it('measures at voltages that are not quite the ones set', async () => {
    const { scans } = await measureJv(await openJv());
    const off = volts(scans[0] ?? expect.fail('no scan')).map((v, i) => Math.abs(v - (-0.2 + 0.02 * i)));
    expect(Math.min(...off)).toBeGreaterThan(0.5e-4);
    expect(Math.max(...off)).toBeLessThan(2.1e-3);
  });

  it.each([
    { Order: 'Forward then Reverse', names: ['forward', 'reverse'] },
    { Order: 'Reverse then Forward', names: ['reverse', 'forward'] },
    { Order: 'Forward Only', names: ['forward'] },
    { Order: 'Reverse Only', names: ['reverse'] },
  ])('goes $Order', async ({ Order, names }) => {
    const { scans } = await measureJv(await openJv(), jvSettings({ scan: { Order } }));
    expect(scans.map((scan) => scan.name)).toEqual(names);
    for (const scan of scans) expect(rises(scan)).toBe(scan.name === 'forward');
  });
});

describe('Auto Voc', () => {
  it('ends where the current crosses zero, and comes back from there', async () => {
    const data = await measureJv(await openJv(), jvSettings({ light: ONE_SUN }));
    const [forward, reverse] = [scanOf(data, 'forward'), scanOf(data, 'reverse')];
    expect(volts(forward).at(-1)).toEqual(near(1.1));
    expect(densities(forward).filter((j) => j < 0)).toHaveLength(1);
    expect(volts(reverse)[0]).toEqual(near(1.1));
    expect(volts(reverse).at(-1)).toEqual(near(-0.2));
  });

  it('goes beyond by what may be exceeded, but not beyond the end', async () => {
    const setup = await openJv();
    const wide = await measureJv(
      setup,
      jvSettings({ light: ONE_SUN, scan: { 'Exceed Voc (%)': 10, 'End (V)': 1.4 } }),
    );
    // 1.1 × Voc, to the next step.
    expect(volts(scanOf(wide, 'forward')).at(-1)).toEqual(near(1.22));
    const capped = await measureJv(setup, jvSettings({ scan: { 'End (V)': 1.16 } }));
    expect(volts(scanOf(capped, 'forward')).at(-1)).toEqual(near(1.16));
  });

  it('follows Voc when the scan begins in reverse', async () => {
    const data = await measureJv(
      await openJv(),
      jvSettings({ light: { ...ONE_SUN, 'Level (%)': 1 }, scan: { Order: 'Reverse then Forward' } }),
    );
    expect(volts(scanOf(data, 'reverse'))[0]).toEqual(near(0.92));
  });

  it('stops at the first point when the polarity is wrong, with nothing to determine', async () => {
    const setup = await openJv();
    const inverted = jvSettings({ light: ONE_SUN, device: { Inverted: true } });
    const data = await measureJv(setup, inverted);
    for (const scan of data.scans) {
      expect(scan.data).toHaveLength(1);
      expect(densities(scan)[0]).toBeLessThan(-0.02);
      for (const { value } of Object.values(scan.parameters)) expect(value).toBeNaN();
    }
    setup.client.sendJson({ target: 'ROUTINE', command: 'GetTestData' });
    expect(String(await setup.client.payload())).toContain('"voc":{"value":NaN,"unit":"V"}');
  });
});

describe('Inverted', () => {
  it('turns voltage and current round', async () => {
    const setup = await openJv();
    const settings = jvSettings({
      light: ONE_SUN,
      device: { Inverted: true },
      scan: { 'Auto Voc': false, 'Start (V)': -1.2, 'End (V)': 0.2, Order: 'Forward Only' },
    });
    const rows = scanOf(await measureJv(setup, settings), 'forward').data;
    const crossing = rows.findIndex(([, j], i) => j < 0 && (rows[i - 1]?.[1] ?? 0) >= 0);
    expect(rows[crossing]?.[0]).toBeGreaterThan(-1.12);
    expect(rows[crossing]?.[0]).toBeLessThan(-1.06);
    expect(rows.at(-1)?.[1]).toBeLessThan(-0.021);
  });
});

describe('compliance', () => {
  it('cuts the current off flat', async () => {
    const data = await measureJv(await openJv(), jvSettings({ light: ONE_SUN, compliance: 1e-3 }));
    const top = densities(scanOf(data, 'forward')).slice(0, 40);
    expect(new Set(top)).toEqual(new Set([0.01]));
    expect(scanOf(data, 'forward').parameters.jsc.value).toBeCloseTo(10, 9);
    expect(volts(scanOf(data, 'forward'))[39]).toEqual(near(0.58));
  });
});

describe('pixels', () => {
  const relays = (...closed: number[]): { state: boolean[] } => ({
    state: Array.from({ length: 8 }, (_, i) => closed.includes(i + 1)),
  });
  const measure = async (setup: Setup, ...closed: number[]): Promise<JvScan> => {
    await setup.client.data('MUX', 'SetStatus', relays(...closed));
    return scanOf(await measureJv(setup, jvSettings({ light: ONE_SUN })), 'reverse');
  };

  it('differ: five good ones', async () => {
    const setup = await openJv();
    const efficiencies = new Set<number>();
    for (const pixel of [1, 2, 3, 5, 8]) {
      const { efficiency } = (await measure(setup, pixel)).parameters;
      expect(efficiency.value).toBeGreaterThan(15);
      expect(efficiency.value).toBeLessThan(20);
      efficiencies.add(Number(efficiency.value.toFixed(1)));
    }
    expect(efficiencies.size).toBeGreaterThanOrEqual(4);
  });

  it('include a shorted one, a straight line into the compliance', async () => {
    const scan = await measure(await openJv(), 4);
    expect(scan.parameters.voc.value).toBeLessThan(0.02);
    expect(scan.parameters.r_shunt.value).toBeCloseTo(2, 1);
    // 0.1 A over 0.1 cm².
    expect(Math.min(...densities(scan))).toBe(-1);
  });

  it('include an open one, nothing but noise', async () => {
    const scan = await measure(await openJv(), 7);
    expect(Math.max(...densities(scan).map(Math.abs))).toBeLessThan(1e-6);
    expect(scan.parameters.efficiency.value).toBeNaN();
  });

  it('add up when two relays are closed', async () => {
    const setup = await openJv();
    const [one, two, both] = [
      await measure(setup, 1),
      await measure(setup, 2),
      await measure(setup, 1, 2),
    ].map((scan) => scan.parameters.jsc.value);
    expect(Math.abs((both ?? 0) / ((one ?? 0) + (two ?? 0)) - 1)).toBeLessThan(0.003);
  });

  it('change under the probes in the middle of a scan', async () => {
    const setup = await openJv();
    const { client, clock } = setup;
    await client.data('ROUTINE', 'ApplySettings', jvSettings({ light: ONE_SUN }));
    await client.data('ROUTINE', 'StartMeasurement');
    clock.pass(0.3 + 1 + 1.05);
    await client.data('MUX', 'SetStatus', relays(7));
    clock.pass(100);
    const [forward] = (await jvDataOf(client)).scans;
    expect(forward?.data[9]?.[1]).toBeGreaterThan(0.02);
    expect(Math.abs(forward?.data[10]?.[1] ?? 1)).toBeLessThan(1e-6);
  });
});

describe('before the scan', () => {
  it.each([
    { Condition: 'None', 'Hold Time (s)': 5, seconds: 5 },
    { Condition: 'Wait fixed time', Value: 7, 'Hold Time (s)': 0, seconds: 7 },
  ])('waits $seconds s with $Condition', async ({ seconds, ...precondition }) => {
    const setup = await openJv();
    const { client, clock } = setup;
    await client.data('ROUTINE', 'ApplySettings', jvSettings({ precondition, light: ONE_SUN }));
    await client.data('ROUTINE', 'StartMeasurement');
    clock.pass(0.3 + seconds + 0.05);
    expect((await statusOf(client)).progress).toMatchObject({ 'points done': 0 });
    clock.pass(0.1);
    expect((await statusOf(client)).progress).toMatchObject({ 'points done': 1 });
  });

  it('waits until Voc stands still, which takes the ions some seconds', async () => {
    const setup = await openJv();
    const { client, clock } = setup;
    const precondition = { Condition: 'Wait for stable', Value: 1, 'Hold Time (s)': 0 };
    await client.data('ROUTINE', 'ApplySettings', jvSettings({ precondition, light: ONE_SUN }));
    await client.data('ROUTINE', 'StartMeasurement');
    clock.pass(2);
    expect((await statusOf(client)).progress).toMatchObject({ 'points done': 0 });
    clock.pass(20);
    expect((await statusOf(client)).progress).not.toMatchObject({ 'points done': 0 });
  });
});

describe('a sweep', () => {
  it('makes every combination, the first parameter outermost', async () => {
    const row = { Enable: true, unknown: 'ignored' };
    const data = await measureJv(await openJv(), {
      ...jvSettings({ light: ONE_SUN, scan: { Order: 'Forward Only', 'Auto Voc': false } }),
      sweep_settings: [
        { ...row, Type: 'Light', Start: 0, End: 100, Step: 50 },
        { ...row, Type: 'Scan Rate', Start: 0.1, End: 0.3, Step: 0.2 },
        { ...row, Type: 'Light', Enable: false, Start: 0, End: 1, Step: 1 },
      ],
    });
    expect(data.scans.map((scan) => scan.sweep_indices)).toEqual([
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
      [2, 0],
      [2, 1],
    ]);
    expect(data.scans.map((scan) => Math.round(scan.parameters.jsc.value))).toEqual([0, 0, 11, 11, 22, 22]);
  });
});
