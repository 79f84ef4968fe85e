import type { SimulatorRequest } from './request.ts';

const FAULT_NAMES = [
  'split',
  'delay',
  'cut',
  'garbage',
  'late',
  'wrong-id',
  'http',
  'silent',
  'smu-error',
] as const;

/**
 * The named ways to misbehave. The request is carried out in every case.
 * - `split`: the reply arrives in many small pieces
 * - `delay`: the reply takes `seconds` (2), and so do those that wait behind it
 * - `cut`: the connection closes in the middle of the reply
 * - `garbage`: the reply is a frame that does not contain JSON
 * - `late`: the reply is held back until the next request on that connection, and then sent before that one's
 * reply
 * - `wrong-id`: the reply has another request's id
 * - `http`: an HTTP server answers, and closes
 * - `silent`: no reply ever
 * - `smu-error`: the SMU fails after `seconds` (0.5, simulated) and the routine goes to Error
 */
export type FaultName = (typeof FAULT_NAMES)[number];

export interface Fault {
  name: FaultName;
  /** Limits the fault to the nth matching request, counted from 1; omitted: every matching request. */
  nth?: number;
  /**
   * `GetStatus`, or `LED.GetStatus` for one target's; omitted: every command, and StartMeasurement for
   * `smu-error`.
   */
  command?: string;
  seconds?: number;
}

/** Reads `name[:command][@nth][=seconds]`, e.g. `cut:GetTestData@1` or `delay=5`. Throws RangeError. */
export function parseFault(text: string): Fault {
  const [, word, command, nth, seconds] =
    /^([a-z-]+)(?::([A-Za-z.]+))?(?:@([1-9]\d*))?(?:=(\d+(?:\.\d+)?))?$/.exec(text.trim()) ?? [];
  const name = FAULT_NAMES.find((known) => known === word);
  if (name === undefined) {
    throw new RangeError(
      `not a fault: ${JSON.stringify(text)}; it has the form name[:command][@nth][=seconds], ` +
        `the names are ${FAULT_NAMES.join(', ')}`,
    );
  }
  return {
    name,
    ...(command === undefined ? {} : { command }),
    ...(nth === undefined ? {} : { nth: Number(nth) }),
    ...(seconds === undefined ? {} : { seconds: Number(seconds) }),
  };
}

/** Counts requests against the planned faults. */
export class FaultPlan {
  readonly #faults: readonly { fault: Fault; seen: number }[];

  constructor(faults: readonly Fault[]) {
    this.#faults = faults.map((fault) => ({ fault, seen: 0 }));
  }

  /** Returns the faults that hit this request, in the order given. Must be called once per request. */
  next(request: SimulatorRequest): readonly Fault[] {
    return this.#faults
      .filter((entry) => {
        if (!matches(entry.fault, request)) return false;
        entry.seen++;
        return entry.fault.nth === undefined || entry.fault.nth === entry.seen;
      })
      .map((entry) => entry.fault);
  }
}

function matches(fault: Fault, { target, command }: SimulatorRequest): boolean {
  const wanted = fault.command ?? (fault.name === 'smu-error' ? 'StartMeasurement' : undefined);
  if (wanted === undefined) return true;
  const name = wanted.includes('.') ? `${target}.${command}` : command;
  return name.toLowerCase() === wanted.toLowerCase();
}
