import { describe, expect, it } from 'vitest';
import type { Dataset, Scan } from '../../../src/science/dataset.ts';
import { analyseDarkJv } from '../../../src/science/metrics/dark-jv.ts';

const VT = 0.0256926;
const AREA = 0.1;
const TRUE = { j0: 2e-11, n: 1.8, rs: 6, rsh: 3e4 };
const known = { areaCm2: AREA, temperatureC: 25, compliance: 0.02 };

/** mA/cm² of a dark diode, by bisection: not the way it is fitted. */
function diode(volts: number, { j0, n, rs, rsh }: typeof TRUE): number {
  const off = (j: number): number => {
    const inside = volts - (j / 1000) * rs;
    return j - j0 * Math.expm1(inside / (n * VT)) - (1000 * inside) / rsh;
  };
  let [low, high] = [-1000, 1000];
  for (let i = 0; i < 200; i++) {
    const middle = (low + high) / 2;
    if (off(middle) < 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Something like noise that is the same in every run: between -1 and 1. */
const wobble = (i: number): number => Math.sin(i * 12.9898 + Math.cos(i * 78.233) * 43.7);

interface Options {
  end?: number;
  offset?: number;
  noise?: number;
  sign?: 1 | -1;
  compliance?: number;
  cell?: typeof TRUE;
}

/** A: forward current positive unless told otherwise. */
function sweep({
  end = 1.2,
  offset = 0,
  noise = 1e-9,
  sign = 1,
  compliance = 1,
  cell = TRUE,
}: Options = {}): Scan {
  const volts = Array.from({ length: Math.round((end + 0.1) / 0.01) + 1 }, (_, i) => -0.1 + 0.01 * i);
  const amperes = volts.map((v, i) => {
    const exact = (diode(v, cell) * AREA) / 1000 + offset;
    return sign * Math.min(compliance, exact * (1 + 3e-4 * wobble(i)) + noise * wobble(i + 1000));
  });
  return {
    label: 'forward',
    conditions: {},
    columns: [
      { name: 'Voltage', unit: 'V', values: volts },
      { name: 'Current', unit: 'A', values: amperes },
    ],
    reported: {},
  };
}

const dataset = (...scans: Scan[]): Dataset => ({ routine: 'Dark JV', info: {}, scans, notes: [] });
function analysed(scans: Scan[], conditions: Partial<typeof known> = known) {
  const { metrics, warnings } = analyseDarkJv(dataset(...scans), {
    areaCm2: undefined,
    temperatureC: undefined,
    compliance: undefined,
    ...conditions,
  });
  return { warnings, metric: (name: string) => metrics.find((one) => one.name === name) };
}

describe('the diode in the dark', () => {
  it.each([1, -1] as const)('is recovered whatever the sign of the current: %i', (sign) => {
    const { metric, warnings } = analysed([sweep({ sign })]);
    // The wobble is 0.03 % of the current and 1 nA; n is correlated with J0, of which it is the exponent.
    expect(Math.abs((metric('ideality')?.value ?? 0) - TRUE.n)).toBeLessThan(0.005);
    expect(Math.abs((metric('j0')?.value ?? 0) / TRUE.j0 - 1)).toBeLessThan(0.06);
    expect(Math.abs((metric('r_series')?.value ?? 0) - TRUE.rs)).toBeLessThan(0.05);
    expect(Math.abs((metric('r_shunt')?.value ?? 0) / TRUE.rsh - 1)).toBeLessThan(0.005);
    expect([metric('j0')?.unit, metric('r_shunt')?.unit]).toEqual(['mA/cm²', 'Ω·cm²']);
    expect(metric('ideality')?.uncertainty).toBeLessThan(0.01);
    expect(warnings).toEqual([]);
  });

  it('is given in A and Ω where the area is unknown', () => {
    const { metric } = analysed([sweep()], {});
    expect(metric('i0')).toMatchObject({ unit: 'A' });
    expect(Math.abs((metric('i0')?.value ?? 0) / ((TRUE.j0 * AREA) / 1000) - 1)).toBeLessThan(0.06);
    expect(Math.abs((metric('r_series')?.value ?? 0) - TRUE.rs / AREA)).toBeLessThan(0.5);
    expect(metric('r_shunt')?.unit).toBe('Ω');
  });

  it('is not made up where only leakage is seen; that is ohmic', () => {
    const { metric, warnings } = analysed([sweep({ end: 0.5 })]);
    for (const name of ['ideality', 'j0', 'r_series']) expect(metric(name)?.value, name).toBeNull();
    expect(Math.abs((metric('r_shunt')?.value ?? 0) / TRUE.rsh - 1)).toBeLessThan(0.02);
    expect(Math.abs((metric('ohmic_exponent')?.value ?? 0) - 1)).toBeLessThan(0.03);
    expect(warnings).toEqual([expect.stringContaining('no exponential region up to 0.50 V')]);
  });

  it('is fitted without what the compliance cuts off, whether that is known or seen', () => {
    for (const conditions of [{ ...known, compliance: 1e-4 }, { areaCm2: AREA }]) {
      const { metric, warnings } = analysed([sweep({ compliance: 1e-4 })], conditions);
      expect(Math.abs((metric('ideality')?.value ?? 0) - TRUE.n)).toBeLessThan(0.01);
      expect(warnings).toEqual([expect.stringContaining('lie at the compliance')]);
    }
  });

  it('is not fitted under light, which is seen at 0 V', () => {
    const { metric, warnings } = analysed([sweep({ offset: -3e-4 })]);
    expect(warnings).toContainEqual(
      expect.stringMatching(/photocurrent of 300 µA flows at 0 V: light leaks in/),
    );
    for (const name of ['ideality', 'j0', 'r_shunt']) expect(metric(name)?.value, name).toBeNull();
  });

  it('survives a small offset of the ammeter, which is said', () => {
    const { metric, warnings } = analysed([sweep({ offset: 2e-7 })]);
    expect(warnings).toEqual([expect.stringContaining('200 nA flow forward at 0 V')]);
    expect(Math.abs((metric('ideality')?.value ?? 0) - TRUE.n)).toBeLessThan(0.01);
  });

  it('is not found in noise, and the noise is named', () => {
    const nothing = { ...TRUE, j0: 1e-60, rsh: 1e12 };
    const { metric, warnings } = analysed([sweep({ cell: nothing, noise: 1e-8 })]);
    expect(metric('ideality')?.value).toBeNull();
    expect(warnings).toEqual([expect.stringMatching(/most of the curve lies in the noise of .* nA/)]);
  });

  it('is doubted where its ideality is not one', () => {
    const { warnings } = analysed([sweep({ cell: { ...TRUE, n: 4, j0: 1e-5 } })]);
    expect(warnings).toContainEqual(expect.stringContaining('an ideality of 4.00'));
  });

  it('does not throw for a few points, or for points all alike', () => {
    const short = sweep();
    for (const column of short.columns) column.values = column.values.slice(0, 3);
    const flat = sweep();
    for (const column of flat.columns) column.values = column.values.map(() => 0);
    for (const scan of [short, flat]) expect(analysed([scan]).metric('ideality')?.value).toBeNull();
  });
});

const WAVELENGTHS = Array.from({ length: 1000 }, (_, i) => 400 + 0.6 * i);
const PEAK = 770;
/** A symmetric band of 40 nm on a baseline with noise. */
function spectrum(volts: number, amperes: number, irradiance: number, height = 2000, baseline = 0): Scan {
  return {
    label: `EL ${volts} V`,
    conditions: { voltage: { value: volts, unit: 'V' }, current: { value: amperes, unit: 'A' } },
    columns: [
      { name: 'Wavelength', unit: 'nm', values: WAVELENGTHS },
      {
        name: 'Spectrum',
        unit: 'a.u.',
        values: WAVELENGTHS.map((nm, i) =>
          Math.min(60_000, baseline + height * Math.exp(-Math.LN2 * ((nm - PEAK) / 20) ** 2) + 5 * wobble(i)),
        ),
      },
    ],
    reported: { integrated_irradiance: { value: irradiance, unit: 'W/cm²' } },
  };
}

describe('electroluminescence', () => {
  // 22 mA/cm² through 0.1 cm², 3e-4 photons each of hc/770 nm.
  const amperes = 2.2e-3;
  const photonEnergy = (6.62607015e-34 * 299_792_458) / (PEAK * 1e-9);
  const irradiance = ((3e-4 * 22e-3) / 1.602176634e-19) * photonEnergy;

  it('gives EQE_EL and the non-radiative loss, at the largest current', () => {
    const weaker = spectrum(1, 1e-4, irradiance / 100, 100);
    const { metric, warnings } = analysed([sweep(), weaker, spectrum(1.2, amperes, irradiance)]);
    expect(metric('eqe_el')?.scan).toBe('EL 1.2 V');
    // Symmetric band: the mean wavelength is the peak within the noise.
    expect(Math.abs((metric('eqe_el')?.value ?? 0) / 0.03 - 1)).toBeLessThan(0.005);
    // 25.69 mV · ln(1/3e-4).
    expect(Math.abs((metric('delta_v_nr')?.value ?? 0) - 0.2084)).toBeLessThan(3e-4);
    expect(Math.abs((metric('el_peak')?.value ?? 0) - PEAK)).toBeLessThan(0.3);
    expect(warnings).toEqual([]);
  });

  it('is no efficiency without the area, with raw counts, under light, or beyond one photon per electron', () => {
    const bright = spectrum(1.2, amperes, irradiance);
    const cases: [Scan[], Partial<typeof known>, string][] = [
      [[sweep(), bright], {}, 'needs the device area'],
      [[sweep(), spectrum(1.2, amperes, irradiance, 300, 85)], known, '1 of 1 spectra stand on a baseline'],
      [[sweep({ offset: -3e-4 }), bright], known, 'light leaks in'],
      [[sweep(), spectrum(1.2, amperes, 1)], known, 'not possible'],
      [[sweep(), spectrum(1.2, amperes, irradiance, 0)], known, 'no electroluminescence above the noise'],
    ];
    for (const [scans, conditions, warning] of cases) {
      const { metric, warnings } = analysed(scans, conditions);
      expect(metric('eqe_el')?.value, warning).toBeNull();
      expect(metric('delta_v_nr')?.value, warning).toBeNull();
      expect(warnings).toContainEqual(expect.stringContaining(warning));
    }
  });

  it('is not taken from a saturated spectrum, which its dark-subtracted top betrays', () => {
    const scan = spectrum(1.2, amperes, irradiance, 65_450);
    const [, counts] = scan.columns;
    if (counts === undefined) expect.fail('no counts');
    counts.values = WAVELENGTHS.map(
      (nm, i) => Math.min(65_450, 90_000 * Math.exp(-Math.LN2 * ((nm - PEAK) / 20) ** 2)) + 5 * wobble(i),
    );
    const { metric, warnings } = analysed([sweep(), scan]);
    expect(metric('eqe_el')?.value).toBeNull();
    expect(warnings).toContainEqual(expect.stringContaining('1 of 1 spectra are saturated'));
  });
});
