import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { containing } from './helpers.ts';
import { lastIntegral, measure, openIpce } from './ipce-fixture.ts';

describe('monochromator and shutter', () => {
  it('go where they are sent, filter and grating with them, and the last filter ends at a bare Infinity (row 11)', async () => {
    const { client } = await openIpce();
    const at = async (wavelength: number): Promise<unknown> => {
      await client.data('ROUTINE', 'SetWavelength', { wavelength });
      return client.data('ROUTINE', 'GetMonochromatorStatus');
    };
    expect(await client.data('ROUTINE', 'GetMonochromatorStatus')).toMatchObject({
      type: 'Serial Monochromator',
      connected: true,
      wavelength: 550,
      shutter: 'Closed',
      filter: 2,
      grating: 1,
      config: { gratwave: [0, 1000], fltrwave: [100, 355, 625, 1115, 1580, Number.POSITIVE_INFINITY] },
    });
    expect(client.received.at(-1)?.toString()).toContain('1580,Infinity]');
    expect(await at(320)).toMatchObject({ filter: 1, grating: 1 });
    expect(await at(700)).toMatchObject({ filter: 3, grating: 1 });
    const infrared = z.looseObject({ wavelength: z.number() }).parse(await at(1200));
    expect(infrared).toMatchObject({ filter: 4, grating: 2 });
    expect(Math.abs(infrared.wavelength - 1200)).toBeLessThanOrEqual(0.1);
  });

  it('open for a measurement and stay open', async () => {
    const setup = await openIpce();
    const { client } = setup;
    const shutter = async (): Promise<unknown> =>
      z.looseObject({ shutter: z.string() }).parse(await client.data('ROUTINE', 'GetMonochromatorStatus'))
        .shutter;
    await measure(setup);
    expect(await shutter()).toBe('Open');
    await client.data('ROUTINE', 'SetShutter', { shutter_status: false });
    expect(await shutter()).toBe('Closed');
  });

  it('with a chopper at the frequency that is set', async () => {
    const { client } = await openIpce();
    const frequency = async (): Promise<number> =>
      z.strictObject({ frequency: z.number() }).parse(await client.data('ROUTINE', 'GetChopperFrequency'))
        .frequency;
    expect(await frequency()).toBe(0);
    await client.data('ROUTINE', 'ApplySettings', { acquisition: { 'Chopper Frequency (Hz)': 13.35 } });
    expect(Math.abs((await frequency()) - 13.35)).toBeLessThan(0.03);
  });

  it('calibrated anew, change the scale of the EQE by little, and for good', async () => {
    const setup = await openIpce();
    const before = lastIntegral(await measure(setup, { Averaging: 100 }));
    await setup.client.data('ROUTINE', 'StartCalibration', {
      path: 'C:\\Arkeo\\calibration\\photodiode.txt',
    });
    const [a, b] = [
      lastIntegral(await measure(setup, { Averaging: 100 })),
      lastIntegral(await measure(setup, { Averaging: 100 })),
    ];
    expect(Math.abs(a / before - 1)).toBeGreaterThan(1e-4);
    expect(Math.abs(a / before - 1)).toBeLessThan(0.01);
    expect(Math.abs(b / a - 1)).toBeLessThan(1e-4);
  });

  it.each([
    ['SetShutter', {}, 'shutter_status is missing'],
    ['SetShutter', { shutter_status: 1 }, 'must be true or false'],
    ['SetWavelength', { wavelength: 50 }, 'between 200 and 1800'],
    ['SetWavelength', { nm: 500 }, 'has no "nm"'],
    ['StartCalibration', { path: 3 }, 'must be a string'],
    ['GetChopperFrequency', { x: 1 }, 'has no "x"'],
    ['GetMonochromatorStatus', { shutter_status: true }, 'has no "shutter_status"'],
  ])('refuse %s %j', async (command, parameter, message) => {
    const { client } = await openIpce();
    expect(await client.refusal('ROUTINE', command, parameter)).toMatchObject({
      code: 101,
      message: containing(message),
    });
  });
});
