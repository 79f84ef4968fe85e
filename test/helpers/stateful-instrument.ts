import {
  type FakeConnection,
  type FakeInstrument,
  frame,
  type Received,
  startFake,
} from './fake-instrument.ts';

/** What is switched on. Two LED boards and two temperature controllers, four relays. */
export interface InstrumentState {
  leds: Record<number, number[]>;
  relays: boolean[];
  heating: boolean[];
  selected: number;
  routine: string;
  running: boolean;
}

/**
 * Answers in place of the usual: a body, `silent`, a promise after which the usual is done and answered, or a function
 * that is given the frame of the usual answer, once the usual is done, and writes what it likes.
 */
export type Hook = (
  name: string,
  request: Received,
  connection: FakeConnection,
) => Record<string, unknown> | 'silent' | Promise<void> | ((usual: Buffer) => void) | undefined;

export const ok = (data: unknown = {}): Record<string, unknown> => ({ status: 'OK', data });
export const refused = (code: number, message: string): Record<string, unknown> => ({
  status: 'ERROR',
  error: { code, message },
});
/** Harmless settings of JV: the vendor's documented defaults, but for the area. */
export const JV_SETTINGS = {
  device_type: 'NI-SMU',
  device_settings: { 'Compliance (A)': 0.1 },
  scan_settings: {
    scan: {
      'Start (V)': -0.2,
      'End (V)': 1.2,
      'Step (V)': 0.02,
      'Rate (V/s)': 0.2,
      Order: 'Forward then Reverse',
      'Auto Voc': true,
      'Exceed Voc (%)': 0,
    },
  },
  precondition: { Condition: 'None', Value: 1, 'Hold Time (s)': 1, 'Hold Voltage (V)': -0.2 },
  device: { 'Area (cm2)': 0.1, Inverted: false },
  light: { Source: 'None', 'Irradiance (mW/cm2)': 100, 'Level (%)': 100 },
  light_config: { 'LED Level': 1 },
  sweep_settings: [],
};
export const DARK = Array.from({ length: 12 }, () => 0);
export const LIT = DARK.map((_, i) => (i === 4 ? 0.5 : 0));

/** A small instrument that does what it is told, except where a test interferes. */
export async function startStateful(
  hook: Hook = () => undefined,
  port = 0,
): Promise<FakeInstrument & { state: InstrumentState }> {
  const state: InstrumentState = {
    leds: { 1: DARK, 2: DARK },
    relays: [false, false, false, false],
    heating: [false, false],
    selected: 0,
    routine: 'JV',
    running: false,
  };
  const instrument = await startFake(
    (request, connection) => {
      const name = `${request.target}.${request.command}`;
      const instead = hook(name, request, connection);
      if (instead === 'silent') return;
      if (instead instanceof Promise)
        void instead.then(() => connection.reply(request, act(state, name, request)));
      else if (typeof instead === 'function')
        instead(frame({ request_id: request.request_id, ...act(state, name, request) }));
      else connection.reply(request, instead ?? act(state, name, request));
    },
    undefined,
    port,
  );
  return Object.assign(instrument, { state });
}

function act(state: InstrumentState, name: string, { parameter = {} }: Received): Record<string, unknown> {
  const p = parameter as {
    address: number;
    values: number[];
    state: boolean[];
    enable: boolean;
    routine: string;
  };
  switch (name) {
    case 'LED.GetStatus':
      return ok({
        connected: true,
        boards: Object.entries(state.leds).map(([address, values]) => ({
          address: Number(address),
          connected: true,
          values,
        })),
      });
    case 'LED.SetValues':
      state.leds[p.address] = p.values;
      return ok();
    case 'MUX.GetStatus':
      return ok({ connected: true, nrRelays: state.relays.length, status: state.relays });
    case 'MUX.SetStatus':
      state.relays = p.state;
      return ok();
    case 'TMPCTL.GetStatus':
      return ok(
        state.heating.map((on, i) => ({
          address: i + 1,
          channel: 1,
          LatestMeasurement: {
            'Temp. Measurement': { 'Object Temperature': 25, Stable: on ? 'Stable' : 'Not Active' },
          },
        })),
      );
    case 'TMPCTL.SetController':
      state.selected = p.address - 1;
      return ok();
    case 'TMPCTL.SetEnable':
      state.heating[state.selected] = p.enable;
      return ok();
    case 'ROUTINE.GetTestStatus':
      if (state.routine === '') return refused(4006, 'no active routine');
      return ok({
        routine_status: state.running ? 'Running' : 'Ready',
        routine_name: state.routine,
        progress: null,
        error: null,
      });
    case 'ROUTINE.GetSettings':
      return ok(state.routine === 'JV' ? JV_SETTINGS : {});
    case 'ROUTINE.StartMeasurement':
      state.running = true;
      return ok();
    case 'ROUTINE.StopMeasurement':
      if (!state.running) return refused(4003, 'nothing runs');
      state.running = false;
      return ok();
    case 'MAIN.GetActiveRoutine':
      return ok({ routine: state.routine });
    case 'MAIN.StartRoutine':
      state.routine = p.routine;
      return ok();
    case 'MAIN.GetAvailableRoutines':
      return ok({ routines: ['JV', 'IPCE'] });
    case 'ROUTINE.CloseRoutine':
      state.routine = '';
      return ok();
    default:
      return ok();
  }
}
