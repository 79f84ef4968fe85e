import * as z from 'zod';
import { InstrumentError } from '../../errors.ts';
import { acknowledgement, defineCommand, type PrepareContext, parameters } from '../command.ts';
import { numberOrNaN } from '../effects.ts';
import { readControllers } from '../temperature.ts';

/** Range of the stage, °C. */
export const STAGE_RANGE = { min: -5, max: 85 } as const;

const GetStatus = defineCommand({
  target: 'TMPCTL',
  name: 'GetStatus',
  title: 'Temperature status',
  description:
    'Reads the temperature controllers, °C: object (stage), sink, target, whether stable, output, errors.',
  kind: 'read',
  parameter: parameters({}),
  result: z.unknown().transform(readControllers),
  shows: (controllers) => [{ type: 'controllers', controllers }],
  summary: (controllers) =>
    controllers.length === 0 ? 'No temperature controller.' : controllers.map((c) => c.text).join('\n'),
});

/** Lets whoever accounts for what is on see which controllers there are; software that cannot say is served all the same. */
async function seeControllers(read: PrepareContext['read']): Promise<void> {
  await read(GetStatus).catch((error: unknown) => {
    if (!(error instanceof InstrumentError)) throw error;
  });
}

const SetController = defineCommand({
  target: 'TMPCTL',
  name: 'SetController',
  title: 'Select a temperature controller',
  description: 'Selects the controller that the next tmpctl_set_… go to.',
  kind: 'configure',
  parameter: parameters({
    address: z.int().min(0).max(255).describe('As in tmpctl_get_status.'),
    channel: z.int().min(0).max(255).describe('Likewise.'),
  }),
  result: acknowledgement,
  effects: ({ address, channel }) => [
    {
      type: 'selects_controller',
      controller:
        typeof address === 'number' && typeof channel === 'number' ? { address, channel } : undefined,
    },
  ],
  summary: (_, { address, channel }) => `Controller ${address}/${channel} is selected.`,
});

const SetTemperature = defineCommand({
  target: 'TMPCTL',
  name: 'SetTemperature',
  actsOnSelected: true,
  title: 'Set the stage temperature',
  description:
    'Sets the target temperature of the selected controller; it acts while tmpctl_set_enable is on. Below the dew point water condenses on the sample.',
  kind: 'actuate',
  parameter: parameters({
    temperature: z.number().min(STAGE_RANGE.min).max(STAGE_RANGE.max).describe('Target in °C.'),
  }),
  result: acknowledgement,
  prepare: async (parameter, { read }) => {
    await seeControllers(read);
    return parameter;
  },
  readBack: async ({ temperature }, read) => {
    const targets = (await read(GetStatus)).map(({ target }) => target);
    // If there are several controllers, the status does not show which one is selected.
    if (
      targets.length === 0 ||
      targets.some((target) => target !== undefined && Math.abs(target - temperature) < 0.01)
    )
      return [];
    return [
      `target: asked ${temperature} °C, in force ${targets.map((target) => target ?? 'unknown').join(', ')} °C`,
    ];
  },
  effects: ({ temperature }) => [{ type: 'heats', target: numberOrNaN(temperature) }],
  summary: (_, { temperature }) => `Target set to ${temperature} °C. Follow it with tmpctl_get_status.`,
});

const SetEnable = defineCommand({
  target: 'TMPCTL',
  name: 'SetEnable',
  actsOnSelected: true,
  title: 'Temperature control on or off',
  description:
    'Switches temperature control of the selected controller on (heats or cools to the target) or off.',
  kind: 'actuate',
  parameter: parameters({ enable: z.boolean().describe('false: off.') }),
  result: acknowledgement,
  takesEnergyOut: ({ enable }) => !enable,
  prepare: async (parameter, { read }) => {
    if (parameter.enable) await seeControllers(read);
    return parameter;
  },
  effects: ({ enable }) => [
    enable === false ? { type: 'stops_heating' } : { type: 'heats', target: undefined },
  ],
  summary: (_, { enable }) => `Temperature control is switched ${enable ? 'on' : 'off'}.`,
});

export const tmpctlCommands = { GetStatus, SetController, SetTemperature, SetEnable };
