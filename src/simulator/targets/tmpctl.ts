import type { Bench } from '../bench.ts';
import type { Clock } from '../clock.ts';
import { invalidParameters } from '../instrument-error.ts';
import { AMBIENT, MAX_TARGET, MIN_TARGET, type TemperatureStage } from '../physics/temperature-stage.ts';
import { boolean, number, object } from '../shape.ts';
import { command, plain, type Target, tableTarget } from './target.ts';

const DONE = { state: 'OK' };
const ADDRESS = 1;
const CHANNEL = 1;
/** Ω, of the Peltier elements. */
const PELTIER_RESISTANCE = 2.2;
/** °C at which the fans begin to turn, and rpm at full speed. */
const FAN_TARGET = 30;
const FAN_FULL_SPEED = 3000;
const FAN_LOWEST_SPEED = 600;

/** TMPCTL: one controller with one channel, selected from the beginning. */
export function tmpctlTarget(bench: Bench, clock: Clock): Target {
  const whole = number({ integer: true });
  return tableTarget('OK', {
    SetController: command(object({ address: whole, channel: whole }), ({ address, channel }) => {
      if (address === ADDRESS && channel === CHANNEL) return DONE;
      throw invalidParameters(`no temperature controller at address ${address}, channel ${channel}`);
    }),
    SetTemperature: command(
      object({ temperature: number({ min: MIN_TARGET, max: MAX_TARGET }) }),
      ({ temperature }) => {
        bench.stage.setTarget(temperature);
        return DONE;
      },
    ),
    SetEnable: command(object({ enable: boolean() }), ({ enable }) => {
      bench.stage.setEnabled(enable);
      return DONE;
    }),
    GetStatus: plain(() => [controllerStatus(bench.stage, clock.wallTime())]),
  });
}

function controllerStatus(stage: TemperatureStage, now: Date): object {
  return {
    address: ADDRESS,
    channel: CHANNEL,
    name: 'Stage',
    DeviceStatus: { State: 'Ready', 'Error Number': 0, 'Error Instance': 0, 'Error Parameter': 0 },
    LatestMeasurement: {
      'Time Stamp': now.toISOString(),
      'Temp. Measurement': {
        'Object Temperature': rounded(stage.celsius),
        'Sink Temperature': rounded(stage.sink),
        Stable: stage.stability,
      },
      'Temp. Control': {
        'Target Object Temperature': stage.target,
        '(Ramp) Nominal Object Temperature': rounded(stage.nominal),
        'Thermal Power Model Current': rounded(stage.outputCurrent),
      },
      'Output Stage Monitoring': {
        'Output Current': rounded(stage.outputCurrent),
        'Output Voltage': rounded(stage.outputCurrent * PELTIER_RESISTANCE),
      },
      'Sink Temp. General': { 'Temperature Selection': 'External', 'Fixed Temperature': AMBIENT },
      'Fan Controller': fanStatus(stage),
    },
  };
}

function fanStatus(stage: TemperatureStage): object {
  const power = Math.min(100, Math.max(0, (stage.sink - FAN_TARGET) * 10));
  const speed = power === 0 ? 0 : FAN_LOWEST_SPEED + (power / 100) * (FAN_FULL_SPEED - FAN_LOWEST_SPEED);
  return {
    'Relative Cooling Power': rounded(power),
    'Nominal FAN Speed': Math.round(speed),
    'Actual FAN Speed': Math.round(speed),
    'FAN PWM Level': rounded(power),
    Enabled: 1,
    'Target Temperature': FAN_TARGET,
    '0% Speed': FAN_LOWEST_SPEED,
    '100% Speed': FAN_FULL_SPEED,
  };
}

/** Rounds to thousandths, the resolution of the controller's reports. */
function rounded(value: number): number {
  return Number(value.toFixed(3));
}
