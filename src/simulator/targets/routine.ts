import { ERROR, InstrumentError } from '../instrument-error.ts';
import type { Dialect } from '../request.ts';
import type { RoutineHost } from '../routines/host.ts';
import { ROUTINES } from '../routines/index.ts';
import { number, object, optional, text } from '../shape.ts';
import { type CommandHandler, command, plain, type Target } from './target.ts';

const DONE = { state: 'OK' };

const INFO = object({
  user_name: optional(text()),
  device_name: optional(text()),
  device_area: optional(number({ above: 0 })),
});

/** ROUTINE: the open routine. Without one, each of its commands is refused with 4006. */
export function routineTarget(host: RoutineHost, dialect: Dialect): Target {
  const builtIn = new Map(Object.entries({ ...commonCommands(host), ...dialectCommands(host, dialect) }));
  const custom = new Set(ROUTINES.flatMap((program) => program.customCommands));
  return {
    ok: 'OK',
    find: (name) => {
      const handler = builtIn.get(name) ?? (custom.has(name) ? customCommand(host, name) : undefined);
      if (handler === undefined) return undefined;
      return (parameter) => {
        // This check precedes that of the parameters: without a routine the answer is 4006 whatever the
        // parameters are.
        void host.active;
        return handler(parameter);
      };
    },
  };
}

function commonCommands(host: RoutineHost): Record<string, CommandHandler> {
  return {
    StartMeasurement: plain(() => {
      host.startMeasurement();
      return DONE;
    }),
    ApplySettings: (parameter) => {
      host.applySettings(parameter);
      return DONE;
    },
    GetTestData: plain(() => host.active.session.data(host.info)),
    SetInfo: command(INFO, ({ user_name, device_name, device_area }) => {
      host.setInfo({
        ...(user_name === undefined ? {} : { user: user_name }),
        ...(device_name === undefined ? {} : { device: device_name }),
        ...(device_area === undefined ? {} : { area: device_area }),
      });
      return DONE;
    }),
    ClearErrors: plain(() => {
      host.clearErrors();
      return DONE;
    }),
    GetCustomCommands: plain(() => ({ CustomCommands: host.active.program.customCommands })),
  };
}

function dialectCommands(host: RoutineHost, dialect: Dialect): Record<string, CommandHandler> {
  if (dialect === 'oldest') {
    return {
      GetStatus: plain(() => oldStatus(host)),
      LoadSettings: plain(() => ({ settings: host.active.session.settings.current })),
      StopMeasurement: plain(() => {
        host.stopMeasurement();
        return DONE;
      }),
    };
  }
  return {
    GetTestStatus: plain(() => newStatus(host)),
    GetSettings: plain(() => host.active.session.settings.current),
    StopMeasurement: plain(() => {
      if (host.stopMeasurement()) return DONE;
      const { status } = host.active;
      throw new InstrumentError(ERROR.notMeasuring, `no measurement to stop; the routine is ${status}`);
    }),
    CloseRoutine: plain(() => {
      host.close();
      return DONE;
    }),
  };
}

function newStatus(host: RoutineHost): object {
  const { program, status, measurement, failure } = host.active;
  return {
    routine_status: status,
    routine_name: program.reportedName ?? program.name,
    progress: status === 'Running' ? (measurement?.progress() ?? null) : null,
    error: failure ?? null,
  };
}

/** Status in the oldest form: no name, a bare percentage, and details beside it. */
function oldStatus(host: RoutineHost): object {
  const { status, measurement, failure } = host.active;
  return {
    routine_status: status,
    progress: status === 'Running' && measurement !== undefined ? Math.round(measurement.percent) : null,
    error: failure ?? null,
    details: status === 'Running' ? measurement?.details?.() : undefined,
  };
}

function customCommand(host: RoutineHost, name: string): CommandHandler {
  return (parameter) => {
    const { program, session } = host.active;
    if (program.customCommands.includes(name)) return session.custom(name, parameter);
    throw new InstrumentError(ERROR.unknownCommand, `routine ${program.name} has no command ${name}`);
  };
}
