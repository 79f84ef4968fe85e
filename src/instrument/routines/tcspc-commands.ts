import * as z from 'zod';
import { acknowledgement, defineCommand, parameters } from '../command.ts';
import { laserSwitch } from '../laser-switch.ts';
import { lenientNumber } from '../../text/lenient-number.ts';

/** Photons per pulse: beyond 1 % pile-up begins, beyond 5 % the lifetimes are wrong. */
const RATIO = { good: 0.01, usable: 0.05 };

/** Counter readings. The ratio is recomputed, because some show it in percent; undefined without pulses. */
export interface TcspcRates {
  /** Laser pulses per second. */
  syncRate: number | undefined;
  /** Photons per second. */
  inputRate: number | undefined;
  /** Photons per laser pulse, as a fraction. */
  ratio: number | undefined;
}

const rates = z
  .looseObject({ sync_rate: lenientNumber, input_rate: lenientNumber, ratio: lenientNumber })
  .transform(({ sync_rate: syncRate, input_rate: inputRate, ratio }): TcspcRates => {
    const computed =
      syncRate === undefined || inputRate === undefined || syncRate <= 0 ? undefined : inputRate / syncRate;
    return { syncRate, inputRate, ratio: syncRate === 0 ? undefined : (computed ?? ratio) };
  });

const GetRates = defineCommand({
  target: 'ROUTINE',
  name: 'GetRates',
  routine: 'TCSPC',
  title: 'Laser and photon rates',
  description:
    'Reads laser pulse rate (sync_rate, Hz), photon rate (input_rate, counts/s) and their ratio. Before measuring: sync not 0, ratio up to 0.01; from 0.05 pile-up falsifies lifetimes and overload harms the detector: weaken the laser at its head.',
  kind: 'read',
  parameter: parameters({}),
  result: rates,
  shows: (_, data) => [{ type: 'reading', data }],
  summary: ({ syncRate, inputRate, ratio }) =>
    [
      `Laser pulses ${frequency(syncRate)}, photons ${inputRate === undefined ? 'unknown' : `${Math.round(inputRate)} per s`}.`,
      judgement(syncRate, ratio),
    ].join(' '),
});

function frequency(rate: number | undefined): string {
  return rate === undefined ? 'unknown' : `${Number((rate / 1e6).toPrecision(5))} MHz`;
}

function judgement(syncRate: number | undefined, ratio: number | undefined): string {
  if (syncRate === 0) return 'No sync: the laser is off, or its key is.';
  if (ratio === undefined) return 'The ratio is not known.';
  const percent = `The ratio is ${Number((100 * ratio).toPrecision(3))} %`;
  if (ratio > RATIO.usable) return `${percent}: too much light, pile-up. Weaken the laser below 1 %.`;
  if (ratio > RATIO.good) return `${percent}: above 1 % pile-up begins; weaken the laser.`;
  return `${percent}: no pile-up.`;
}

const SetLaser = defineCommand({
  target: 'ROUTINE',
  name: 'SetLaser',
  routine: 'TCSPC',
  title: 'Switch the pulsed laser',
  description:
    'Switches the pulsed laser on or off. A person agrees, cover closed; key, intensity and rate divider are set by hand at its head.',
  kind: 'actuate',
  parameter: parameters({
    laser: z.boolean().describe('false: off.'),
    port_id: z.int().min(0).max(255).optional().describe('If the software has ports, e.g. 7.'),
  }),
  result: acknowledgement,
  takesEnergyOut: ({ laser }) => !laser,
  effects: (parameter) => [{ type: 'sets_laser', ...laserSwitch(parameter) }],
  summary: (_, { laser, port_id }) =>
    `The laser${port_id === undefined ? '' : ` at port ${port_id}`} was switched ${laser ? 'on; check with tcspc_get_rates' : 'off'}.`,
});

export const tcspcCommands = { GetRates, SetLaser };
