import type { Random } from '../../src/simulator/random.ts';
import { CALLS, nonceIn, RELAYS } from './calls.ts';
import type { Ledger } from './ledger.ts';
import { stampOf, writeInText } from './stamp.ts';

export interface WireRequest {
  target: string;
  command: string;
  parameter?: Record<string, unknown>;
  /** Parameter in the form of the oldest software. */
  params?: Record<string, unknown>;
  request_id: number;
}

/** Rates of refusals: of a write, of a read, and of the form of StartRoutine's parameters. */
const REFUSED = { write: 0.03, read: 0.005, form: 0.2 };
const NOT_KNOWN = 100;
const READS = /^Get/;
const KNOWN = new Set(CALLS.map(({ wire }) => wire));

/** The device behind the socket: carries requests out, and names in every reply the request that it answers. */
export class Device {
  readonly #ledger: Ledger;
  readonly #random: Random;
  #window = '';
  #settings: Record<string, unknown> = { Points: 0 };
  #levels: unknown = Array.from({ length: 12 }, () => 0);
  #relays: unknown = Array.from({ length: RELAYS }, () => false);
  #target: unknown = 25;
  #heating = false;

  constructor(ledger: Ledger, random: Random) {
    this.#ledger = ledger;
    this.#random = random;
  }

  /** Everything that is on, in words; empty if all is off. */
  get on(): string[] {
    const lit = Array.isArray(this.#levels) && this.#levels.some((level) => level !== 0);
    const closed = Array.isArray(this.#relays) && this.#relays.includes(true);
    return [
      ...(lit ? ['LEDs'] : []),
      ...(closed ? ['relays'] : []),
      ...(this.#heating ? ['temperature control'] : []),
    ];
  }

  /** Carries the request out, or refuses it, and returns the reply without its id. */
  answer(request: WireRequest, obedient: boolean): Record<string, unknown> {
    const wire = `${request.target}.${request.command}`;
    const parameter = request.parameter ?? request.params ?? {};
    const nonce = nonceIn(wire, parameter);
    const serial = this.#ledger.receive(nonce === undefined ? wire : `${wire} with a nonce`);
    const stamp = stampOf(serial, wire, nonce);
    const no = obedient ? undefined : this.#refusal(wire, nonce);
    if (nonce !== undefined)
      this.#ledger.note(nonce, no === undefined ? 'accepted' : no === 101 ? 'other_form' : 'refused');
    if (no !== undefined) {
      const message = `${no === NOT_KNOWN ? 'unknown command: ' : ''}${writeInText(stamp)}`;
      return { status: 'ERROR', error: { code: no, message } };
    }
    const data = this.#act(wire, parameter);
    const [first] = Array.isArray(data) ? (data as unknown[]) : [data];
    const stampedData = { ...(first as object), stamp };
    return { status: 'OK', data: Array.isArray(data) ? [stampedData] : stampedData };
  }

  #refusal(wire: string, nonce: number | undefined): number | undefined {
    const [target, command = ''] = wire.split('.');
    if (!KNOWN.has(wire)) return NOT_KNOWN;
    if (target === 'ROUTINE' && this.#window === '') return 4006;
    if (wire === 'MAIN.StartRoutine' && this.#random.next() < REFUSED.form) return 101;
    if (READS.test(command)) return this.#random.next() < REFUSED.read ? 4711 : undefined;
    return nonce !== undefined && this.#random.next() < REFUSED.write ? 4711 : undefined;
  }

  #act(wire: string, parameter: Record<string, unknown>): unknown {
    switch (wire) {
      case 'MAIN.GetAvailableRoutines':
        return { routines: ['JV', 'IPCE'] };
      case 'MAIN.GetActiveRoutine':
        return { routine: this.#window };
      case 'MAIN.StartRoutine':
        this.#window = String(parameter['routine'] ?? parameter['routine_name']);
        return { started: true };
      case 'ROUTINE.CloseRoutine':
        this.#window = '';
        return {};
      case 'ROUTINE.GetTestStatus':
        return { routine_status: 'Ready', routine_name: this.#window, progress: null, error: null };
      case 'ROUTINE.GetSettings':
        return this.#settings;
      case 'ROUTINE.ApplySettings':
        this.#settings = parameter;
        return {};
      case 'ROUTINE.GetCustomCommands':
        return { CustomCommands: ['Echo'] };
      case 'LED.GetStatus':
        return { connected: true, boards: [{ address: 1, connected: true, values: this.#levels }] };
      case 'LED.SetValues':
        this.#levels = parameter['values'];
        return {};
      case 'MUX.GetStatus':
        return { connected: true, nrRelays: RELAYS, status: this.#relays };
      case 'MUX.SetStatus':
        this.#relays = parameter['state'];
        return {};
      case 'TMPCTL.GetStatus':
        return [this.#controller];
      case 'TMPCTL.SetTemperature':
        this.#target = parameter['temperature'];
        return {};
      case 'TMPCTL.SetEnable':
        this.#heating = parameter['enable'] === true;
        return {};
      default:
        return {};
    }
  }

  get #controller(): Record<string, unknown> {
    return {
      address: 1,
      channel: 1,
      name: 'stage',
      DeviceStatus: { State: 'Ready', 'Error Number': 0 },
      LatestMeasurement: {
        'Temp. Measurement': {
          'Object Temperature': 25,
          'Sink Temperature': 25,
          Stable: this.#heating ? 'Stable' : 'Not Active',
        },
        'Temp. Control': { 'Target Object Temperature': this.#target },
      },
    };
  }
}
