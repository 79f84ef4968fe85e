import type { Random } from '../../src/simulator/random.ts';

/** One tool that the callers call, and the place of a nonce in its arguments and on the wire. */
export interface SoakCall {
  tool: string;
  /** The tool's main command; the tool may send others before and after. */
  wire: string;
  kind: 'read' | 'write' | 'safety';
  weight: number;
  /** Makes arguments. A write carries a nonce: a number that no other call has. */
  args: (nonce: number) => Record<string, unknown>;
  /**
   * True if no other call sends this command without a nonce meanwhile; then each arrival belongs to this call.
   */
  alone?: true;
}

export const RELAYS = 24;
const DARK = Array.from({ length: 12 }, () => 0);
const NONE = (): Record<string, unknown> => ({});

export const CALLS: readonly SoakCall[] = [
  {
    tool: 'main_get_available_routines',
    wire: 'MAIN.GetAvailableRoutines',
    kind: 'read',
    weight: 10,
    args: NONE,
    alone: true,
  },
  { tool: 'main_get_active_routine', wire: 'MAIN.GetActiveRoutine', kind: 'read', weight: 10, args: NONE },
  { tool: 'routine_get_test_status', wire: 'ROUTINE.GetTestStatus', kind: 'read', weight: 12, args: NONE },
  { tool: 'routine_get_settings', wire: 'ROUTINE.GetSettings', kind: 'read', weight: 10, args: NONE },
  {
    tool: 'routine_get_custom_commands',
    wire: 'ROUTINE.GetCustomCommands',
    kind: 'read',
    weight: 8,
    args: NONE,
  },
  { tool: 'led_get_status', wire: 'LED.GetStatus', kind: 'read', weight: 10, args: NONE },
  { tool: 'mux_get_status', wire: 'MUX.GetStatus', kind: 'read', weight: 10, args: NONE },
  { tool: 'tmpctl_get_status', wire: 'TMPCTL.GetStatus', kind: 'read', weight: 10, args: NONE },
  {
    tool: 'led_set_values',
    wire: 'LED.SetValues',
    kind: 'write',
    weight: 4,
    args: (nonce) => ({ address: 1, values: [toLevel(nonce), ...DARK.slice(1)] }),
  },
  {
    tool: 'mux_set_status',
    wire: 'MUX.SetStatus',
    kind: 'write',
    weight: 3,
    args: (nonce) => ({ state: Array.from({ length: RELAYS }, (_, i) => ((nonce >> i) & 1) === 1) }),
  },
  {
    tool: 'tmpctl_set_temperature',
    wire: 'TMPCTL.SetTemperature',
    kind: 'write',
    weight: 3,
    args: (nonce) => ({ temperature: toTemperature(nonce) }),
  },
  {
    tool: 'routine_set_info',
    wire: 'ROUTINE.SetInfo',
    kind: 'write',
    weight: 3,
    args: (nonce) => ({ device_name: `soak ${nonce}` }),
  },
  {
    tool: 'routine_apply_settings',
    wire: 'ROUTINE.ApplySettings',
    kind: 'write',
    weight: 3,
    args: (nonce) => ({ settings: { Points: nonce } }),
  },
  {
    tool: 'routine_custom_command',
    wire: 'ROUTINE.Echo',
    kind: 'write',
    weight: 3,
    args: (nonce) => ({ command: 'Echo', parameter: { nonce } }),
  },
  {
    tool: 'main_start_routine',
    wire: 'MAIN.StartRoutine',
    kind: 'write',
    weight: 6,
    args: (nonce) => ({ routine: `Soak ${nonce}`, take_over: true }),
    alone: true,
  },
  {
    tool: 'routine_close_routine',
    wire: 'ROUTINE.CloseRoutine',
    kind: 'write',
    weight: 1,
    args: () => ({ take_over: true }),
    alone: true,
  },
  {
    tool: 'led_set_values',
    wire: 'LED.SetValues',
    kind: 'safety',
    weight: 1,
    args: () => ({ address: 1, values: DARK }),
    alone: true,
  },
  {
    tool: 'mux_set_status',
    wire: 'MUX.SetStatus',
    kind: 'safety',
    weight: 1,
    args: () => ({ state: Array.from({ length: RELAYS }, () => false) }),
    alone: true,
  },
  {
    tool: 'tmpctl_set_enable',
    wire: 'TMPCTL.SetEnable',
    kind: 'safety',
    weight: 1,
    args: () => ({ enable: false }),
    alone: true,
  },
];

/** Upper bound of the nonces: relays, levels and temperatures can carry them, within every limit. */
export const MAX_NONCE = 500_000;

/** Reads the nonce from the wire; undefined if the command carries none. */
export function nonceIn(wire: string, parameter: Readonly<Record<string, unknown>>): number | undefined {
  switch (wire) {
    case 'LED.SetValues': {
      const [level] = parameter['values'] as number[];
      return level === undefined || level === 0 ? undefined : Math.round((level - 0.1) * 1e6);
    }
    case 'MUX.SetStatus': {
      const state = parameter['state'] as boolean[];
      return state.reduce((sum, closed, i) => sum + (closed ? 2 ** i : 0), 0) || undefined;
    }
    case 'TMPCTL.SetTemperature':
      return Math.round(((parameter['temperature'] as number) - 20) * 1e4);
    case 'ROUTINE.SetInfo':
      return numberIn(parameter['device_name']);
    case 'MAIN.StartRoutine':
      return numberIn(parameter['routine'] ?? parameter['routine_name']);
    case 'ROUTINE.ApplySettings':
      return parameter['Points'] as number;
    case 'ROUTINE.Echo':
      return parameter['nonce'] as number;
    default:
      return undefined;
  }
}

/** Draws one of the calls by their weights. */
export function drawCall(random: Random, allowed: (call: SoakCall) => boolean): SoakCall {
  const calls = CALLS.filter(allowed);
  let left = random.uniform(
    0,
    calls.reduce((sum, { weight }) => sum + weight, 0),
  );
  const drawn = calls.find(({ weight }) => (left -= weight) < 0) ?? calls[0];
  if (drawn === undefined) throw new Error('there is nothing to call');
  return drawn;
}

function toLevel(nonce: number): number {
  return Number((0.1 + nonce / 1e6).toFixed(6));
}

function toTemperature(nonce: number): number {
  return Number((20 + nonce / 1e4).toFixed(4));
}

function numberIn(text: unknown): number | undefined {
  const digits = typeof text === 'string' ? /\d+/.exec(text)?.[0] : undefined;
  return digits === undefined ? undefined : Number(digits);
}
