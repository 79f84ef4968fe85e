import * as z from 'zod';
import { InputError, InstrumentError, type Outcome } from '../errors.ts';
import type { Command } from '../instrument/command.ts';
import { commands } from '../instrument/commands/index.ts';
import { lenientNumber } from '../text/lenient-number.ts';
import { quote } from '../text/quote.ts';
import { readControllers, type TemperatureController } from '../instrument/temperature.ts';
import type { StageCall } from './stage-call.ts';

export interface StageController extends TemperatureController {
  /** Present temperature of the controller's ramp, °C. */
  nominal: number | undefined;
  /** Part of the controller that the error is of, and the parameter of the error. */
  errorInstance: number | undefined;
  errorParameter: number | undefined;
}

/** Controller that is meant; all members are undefined where there is only one. */
export interface ControllerChoice {
  address?: number | undefined;
  channel?: number | undefined;
}

/** °C of the heat sink: above the first it is said, above the second it is not gone on with. */
export const SINK_WARM = 60;
const SINK_HOT = 75;
/** A sensor may miss a reading or a few. */
const MAX_BLIND = 5;

const details = z.looseObject({
  DeviceStatus: z
    .looseObject({ 'Error Instance': lenientNumber, 'Error Parameter': lenientNumber })
    .optional(),
  LatestMeasurement: z
    .looseObject({
      'Temp. Control': z.looseObject({ '(Ramp) Nominal Object Temperature': lenientNumber }).optional(),
    })
    .optional(),
});

/** TMPCTL.GetStatus, read with the ramp and all of an error. */
const GetStatus: Command<typeof commands.TMPCTL.GetStatus.parameter, StageController[]> = {
  ...commands.TMPCTL.GetStatus,
  result: z.unknown().transform((data, context) => {
    const raw = Array.isArray(data) ? data : [data];
    return readControllers(data, context).map((controller, i): StageController => {
      const { DeviceStatus: device, LatestMeasurement: latest } = details.safeParse(raw[i]).data ?? {};
      return {
        ...controller,
        errorInstance: device?.['Error Instance'],
        errorParameter: device?.['Error Parameter'],
        nominal:
          controller.object === undefined
            ? undefined
            : latest?.['Temp. Control']?.['(Ramp) Nominal Object Temperature'],
      };
    });
  }),
};

/** All controllers, as they are now. Throws ArkeoError. */
export function readStage({ client, send }: StageCall): Promise<StageController[]> {
  return client.send(GetStatus, {}, send);
}

/** The one that is named, or the only one. Throws InputError. */
export function choose(controllers: readonly StageController[], choice: ControllerChoice): StageController {
  const fitting = controllers.filter(
    ({ address, channel }) =>
      (choice.address ?? address) === address && (choice.channel ?? channel) === channel,
  );
  const [only, second] = fitting;
  if (only !== undefined && second === undefined) return only;
  const list = controllers
    .map(
      ({ address, channel, name }) =>
        `address ${address} channel ${channel}${name === '' ? '' : ` ${quote(name)}`}`,
    )
    .join('; ');
  throw new InputError(
    only === undefined
      ? controllers.length === 0
        ? 'there is no temperature controller'
        : 'there is no such temperature controller'
      : 'there are several temperature controllers',
    {
      target: 'TMPCTL',
      hint:
        controllers.length === 0
          ? 'Ask the person to check that the stage is connected and set up in ARKEO.'
          : `Give address and channel of one of: ${list}.`,
    },
  );
}

export function nameOf({ address, channel }: { address: number; channel: number }): string {
  return `controller ${address}/${channel}`;
}

/**
 * Throws InstrumentError where control must not begin or go on: the controller reports an error, the sink is too hot,
 * the sensor gives no number. @param blind how often in a row it gave none
 */
export function requireHealthy(controller: StageController, outcome: Outcome, blind: number): void {
  const { errorNumber, errorInstance, errorParameter, sink, state } = controller;
  const fail = (code: string, message: string, hint: string): never => {
    throw new InstrumentError(`${nameOf(controller)} ${message}`, {
      code,
      outcome,
      target: 'TMPCTL',
      command: GetStatus.name,
      hint,
    });
  };
  if (errorNumber !== 0) {
    fail(
      'controller_error',
      `reports error ${errorNumber} (instance ${errorInstance ?? 'unknown'}, parameter ${errorParameter ?? 'unknown'}), state ${quote(state)}`,
      'Switch control off with set_stage_temperature, control "off". Tell the person: the error is looked up and cleared in the temperature window of ARKEO. Then call again.',
    );
  }
  if (sink !== undefined && sink > SINK_HOT) {
    fail(
      'sink_too_hot',
      `has a heat sink at ${sink.toFixed(1)} °C, and above ${SINK_HOT} °C it must not go on`,
      'Switch control off now: set_stage_temperature with control "off". Tell the person to check the fans.',
    );
  }
  if (blind >= MAX_BLIND || (blind > 0 && outcome === 'not_sent')) {
    fail(
      'no_temperature',
      `gives no stage temperature, state ${quote(state)}`,
      'Do not heat or cool without it: set_stage_temperature with control "off" switches off. Tell the person to check the stage\'s cable and sensor; tmpctl_get_status shows when it measures.',
    );
  }
}
