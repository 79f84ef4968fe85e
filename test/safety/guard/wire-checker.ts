import * as z from 'zod';
import type { SimulatorRequest } from '../../../src/simulator/server.ts';
import type { Rig } from '../../helpers/measuring.ts';
import { findRoutine } from '../../helpers/all-in-one.ts';

type Parameter = Readonly<Record<string, unknown>>;

const DOCUMENTED = new Set(
  (
    'StartRoutine StartMeasurement StopMeasurement CloseRoutine ApplySettings SetInfo ClearErrors SetController ' +
    'SetTemperature SetEnable Connect Disconnect SetStatus SetValues SetShutter SetWavelength SetLaser AutoExposure ' +
    'AcquireDark AcquireReference AcquireSingle SetOutput ApplyCurrent SetDeviceDimensions SetMode'
  ).split(' '),
);
const status = z.looseObject({ data: z.looseObject({ routine_status: z.string() }) });
const window = z.looseObject({ data: z.looseObject({ routine: z.string() }) });
const stage = z.looseObject({
  data: z.tuple([
    z.looseObject({
      LatestMeasurement: z.looseObject({
        'Temp. Measurement': z.looseObject({ 'Object Temperature': z.number() }),
        'Temp. Control': z.looseObject({ 'Target Object Temperature': z.number() }),
      }),
    }),
  ]),
});

/**
 * Judges what arrives at the instrument by the built-in limits of a single junction and by what nobody agreed to,
 * from the state that the instrument is in at that moment. Written without the guard's own rules.
 */
export class WireChecker {
  readonly violations: string[] = [];
  /** What was written before, for whoever reads of a violation. */
  readonly trace: string[] = [];
  judged = 0;
  /** The window was opened by the server. */
  #ours = false;
  #runOfOthers = false;
  readonly #ask: Rig['other'];

  constructor(ask: Rig['other']) {
    this.#ask = ask;
  }

  /** Somebody else started a measurement. */
  othersStarted(): void {
    this.#runOfOthers = this.#measuring;
  }

  othersOpened(): void {
    this.#ours = false;
  }

  check({ target, command, parameter }: SimulatorRequest): void {
    if (command.startsWith('Get') || command === 'LoadSettings') return;
    const p = (parameter ?? {}) as Parameter;
    this.judged++;
    this.trace.push(`${target}.${command} ${JSON.stringify(parameter)} (${this.#active}, ${this.#status})`);
    for (const problem of this.#problems(`${target}.${command}`, p))
      this.violations.push(`${target}.${command} ${JSON.stringify(p)}: ${problem}`);
    if (command === 'StartRoutine' && this.#active === '') this.#ours = true;
    if (command === 'StartMeasurement') this.#runOfOthers = false;
  }

  *#problems(name: string, p: Parameter): Generator<string> {
    const off = takesEnergyOut(name, p);
    if (!DOCUMENTED.has(name.split('.')[1] ?? '')) yield 'nobody agreed to it';
    if (this.#runOfOthers && this.#measuring && !off && name !== 'TMPCTL.SetController')
      yield 'somebody else measures';
    if (name === 'ROUTINE.SetLaser' && !off) yield 'a laser on';
    if (name === 'LED.SetValues') yield* light(p['values']);
    if (name.startsWith('MUX.') && !off && this.#unsettled) yield 'relays under current';
    if (name === 'MUX.SetStatus' && count(p['state'] ?? p['channels']) > 1) yield 'two relays';
    if (name === 'TMPCTL.SetTemperature') yield* this.#temperature(Number(p['temperature']));
    if (name === 'TMPCTL.SetEnable' && p['enable'] === true) yield* this.#temperature(undefined);
    if (name === 'ROUTINE.ApplySettings') yield* settings(p, this.#active);
    if (name === 'ROUTINE.StartMeasurement') yield* settings(this.#settings, this.#active);
    if (name === 'ROUTINE.ApplyCurrent' && !within(p['current'], -0.01, 0.01)) yield 'probe current';
    if (name === 'ROUTINE.SetOutput' && !within(p['output'], -0.5, 1.4)) yield 'output';
    if (name.endsWith('.CloseRoutine') && this.#active !== '' && !this.#ours) yield 'not ours';
    if (name.endsWith('.CloseRoutine') && this.#measuring) yield 'measuring';
    const wanted = findRoutine(String(p['routine'] ?? p['routine_name']));
    if (name === 'MAIN.StartRoutine' && this.#active !== '' && findRoutine(this.#active) !== wanted)
      yield `${this.#active} is open`;
  }

  *#temperature(asked: number | undefined): Generator<string> {
    const [controller] = stage.parse(this.#ask('TMPCTL', 'GetStatus')).data;
    const { 'Temp. Measurement': measured, 'Temp. Control': control } = controller.LatestMeasurement;
    const wanted = asked ?? control['Target Object Temperature'];
    if (!within(wanted, 10, 70)) yield `${wanted} °C`;
    // The stage moves on between the look and the command.
    if (Math.abs(wanted - measured['Object Temperature']) > 45 + 10) yield 'the step';
  }

  get #active(): string {
    return window.parse(this.#ask('MAIN', 'GetActiveRoutine')).data.routine;
  }

  get #settings(): unknown {
    return this.#ask('ROUTINE', 'GetSettings')['data'];
  }

  get #status(): string {
    return status.safeParse(this.#ask('ROUTINE', 'GetTestStatus')).data?.data.routine_status ?? '';
  }

  get #measuring(): boolean {
    return ['Starting', 'Running'].includes(this.#status);
  }

  get #unsettled(): boolean {
    return ['Starting', 'Running', 'Initializing'].includes(this.#status);
  }
}

function takesEnergyOut(name: string, p: Parameter): boolean {
  switch (name) {
    case 'ROUTINE.SetLaser':
      return p['laser'] === false || p['enabled'] === false || (p['intensity'] === 0 && !('duty_cycle' in p));
    case 'LED.SetValues':
      return Array.isArray(p['values']) && p['values'].every((level) => level === 0);
    case 'MUX.SetStatus':
      return count(p['state'] ?? p['channels']) === 0;
    case 'TMPCTL.SetEnable':
      return p['enable'] === false;
    case 'ROUTINE.SetOutput':
      return p['output'] === 0;
    default:
      return false;
  }
}

function count(relays: unknown): number {
  return Array.isArray(relays) ? relays.filter((relay) => relay !== false).length : 99;
}

function* light(values: unknown): Generator<string> {
  if (!Array.isArray(values)) {
    yield 'no levels';
    return;
  }
  if (values.some((level) => !within(level, 0, 1))) yield 'a level';
  if (!within(values[2], 0, 0.15) || !within(values[3], 0, 0.15)) yield 'UV';
}

/** Every voltage and current in settings, by their names in the documentation. */
function* settings(value: unknown, routine: string, name = ''): Generator<string> {
  if (typeof value === 'object' && value !== null) {
    const { value: amount, unit } = value as Parameter;
    if (unit === 'A' && !within(amount, 0, 0.1)) yield `${name} ${String(amount)} A`;
    for (const [key, inner] of Object.entries(value)) yield* settings(inner, routine, key);
    return;
  }
  if (typeof value !== 'number') return;
  const [low, high] = routine === 'Resistivity' ? [-10, 10] : [/celiv/i.test(routine) ? -1 : -0.5, 1.4];
  if (/^(V )?(Start|End|Min|Max|Hold Voltage|Offset|V start|V end|V limit)\b.*(\(V\)|limit)$/i.test(name))
    if (!within(value, low, high)) yield `${name} ${value} V`;
  if (
    /^(Compliance|Current limit|Current Compliance|current_compliance)/i.test(name) &&
    !within(value, 0, 0.1)
  )
    yield `${name} ${value} A`;
}

function within(value: unknown, min: number, max: number): boolean {
  return typeof value === 'number' && value >= min && value <= max;
}
