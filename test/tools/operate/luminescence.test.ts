import { describe, expect, it } from 'vitest';
import { closesAfterEach } from '../../helpers/open.ts';
import type { Bench } from '../../helpers/tools.ts';
import { call, change, measure, metric, openOn, results } from './operate.ts';

const opened = closesAfterEach();

const openLuminescence = (dialect: 'newest' | 'oldest' = 'newest'): Promise<Bench> =>
  openOn(opened, 'luminescence', { speed: 500, dialect });

const say = async (tools: Bench, command: string, args: Record<string, unknown> = {}): Promise<string> =>
  (await call(tools, `luminescence_${command}`, args)).text;

describe.each(['newest', 'oldest'] as const)('Luminescence through the tools, %s dialect', (dialect) => {
  it('recovers the emission of the simulated film, in the safe order', async () => {
    const tools = await openLuminescence(dialect);
    const [on, off] =
      dialect === 'newest'
        ? [
            { channel: 1, frequency: 10_000, intensity: 60 },
            { channel: 1, intensity: 0 },
          ]
        : [{ enabled: true }, { enabled: false }];
    expect(await say(tools, 'set_laser', on)).toContain('ON');
    expect(await say(tools, 'auto_exposure')).toMatch(/Integration time \d+ ms/);
    expect(await say(tools, 'set_laser', off)).toMatch(/off\./);
    expect(await say(tools, 'acquire_dark')).toContain('Dark stored.');
    await say(tools, 'set_laser', on);
    const single = await say(tools, 'acquire_single');
    // The oldest software sends no wavelengths with it.
    expect(single).toContain(dialect === 'newest' ? 'strongest band 777.' : 'without wavelengths');
    await say(tools, 'set_laser', off);

    const data = await results(tools);
    expect(data).toMatchObject({ routine: 'Luminescence', simulated: true });
    expect(data.scans).toEqual([
      {
        label: 'spectrum',
        direction: null,
        rows: 1280,
        columns: ['Wavelength (nm)', 'Dark (a.u.)', 'Spectrum (a.u.)', 'Irradiance (µW/cm²)'],
      },
    ]);
    // 777 nm; a parabola sees 0.6 nm more, as the red side of the band is wider than the blue one.
    expect(Math.abs(metric(data, 'peak_wavelength') - 777)).toBeLessThan(1);
    expect(Math.abs(metric(data, 'peak_energy') - 1.5957)).toBeLessThan(0.002);
    // 17 + 21 nm; pixels of 0.6 nm and a moving average over five of them.
    expect(Math.abs(metric(data, 'fwhm') - 38)).toBeLessThan(0.4);
    expect(metric(data, 'saturation')).toBeLessThan(86);
    expect(data.notes.join('\n')).toContain('µW/cm² is taken');
    expect(data.warnings.join('\n')).not.toMatch(/baseline|no dark|holds light|saturated|line|band/);
  });
});

describe('Luminescence through the tools', () => {
  it('finds that the emission grows as the 1.2th power of the intensity', async () => {
    const tools = await openLuminescence();
    await say(tools, 'acquire_dark');
    const integrals: number[] = [];
    for (const intensity of [20, 40, 80]) {
      await say(tools, 'set_laser', { channel: 1, intensity });
      await say(tools, 'acquire_single');
      integrals.push(metric(await results(tools), 'integral'));
    }
    const [low = 0, , high = 0] = integrals;
    // Shot noise of at most 0.1 % in the area.
    expect(Math.abs(Math.log(high / low) / Math.log(4) - 1.2)).toBeLessThan(0.005);
  });

  it('warns of a missing dark, a stale one, one with light, and saturation', async () => {
    const tools = await openLuminescence();
    const warned = async (): Promise<string> => {
      const text = await say(tools, 'acquire_single');
      return [text, ...(await results(tools)).warnings].join('\n');
    };
    await say(tools, 'set_laser', { channel: 1, intensity: 100 });
    expect(await warned()).toMatch(/no irradiance: there was no dark[^]*no dark was acquired/);
    await say(tools, 'set_laser', { channel: 1, intensity: 0 });
    await say(tools, 'acquire_dark');
    await say(tools, 'set_laser', { channel: 1, intensity: 5 });
    expect(await warned()).not.toMatch(/dark is older|no dark|holds light/);
    await change(tools, { integration_time: 1000 });
    expect(await warned()).toContain('the dark is older than the last change of integration time');
    await say(tools, 'acquire_dark');
    expect(await warned()).toContain('the dark holds light');
    await say(tools, 'set_laser', { channel: 1, intensity: 100 });
    expect(await warned()).toMatch(/saturated: \d+ pixels stand at 65535 counts/);
  });

  it('shows why a duty cycle of 0 is not off, and that intensity 0 is', async () => {
    const tools = await openLuminescence();
    expect(await say(tools, 'set_laser', { channel: 2, duty_cycle: 0 })).toContain('ON for all anyone knows');
    expect(await say(tools, 'acquire_single')).toContain('strongest band 777.');
    expect(await say(tools, 'set_laser', { channel: 2, intensity: 0 })).toContain('Laser channel 2 off.');
    expect(await say(tools, 'acquire_single')).toContain('no band found');
    const both = await tools.call('luminescence_set_laser', { channel: 1, intensity: 1, duty_cycle: 1 });
    expect(both).toMatchObject({ isError: true, error: { code: 'invalid_input', outcome: 'not_sent' } });
    const missing = await tools.call('luminescence_set_laser', { channel: 9, intensity: 1 });
    expect(missing).toMatchObject({ isError: true, error: { code: 101, outcome: 'refused' } });
  });

  it('takes a spectrum by StartMeasurement, and absorbance against a reference', async () => {
    const tools = await openLuminescence();
    await say(tools, 'acquire_dark');
    await call(tools, 'led_set_values', { values: Array.from({ length: 12 }, (_, i) => (i === 9 ? 1 : 0)) });
    expect(await say(tools, 'acquire_reference')).toContain('Reference stored. 1280 pixels');
    const data = await measure(tools);
    expect(data.scans[0]?.columns).toEqual([
      'Wavelength (nm)',
      'Dark (a.u.)',
      'Reference (a.u.)',
      'Spectrum (a.u.)',
      'Irradiance (µW/cm²)',
      'Absorbance',
      'Transmittance',
    ]);
    await call(tools, 'led_set_values', { values: Array.from({ length: 12 }, () => 0) });
  });
});
