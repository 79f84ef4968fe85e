import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { FakeConnection, FakeInstrument, Received } from '../helpers/fake-instrument.ts';
import { type Host, startHost, type ToolResult } from '../helpers/hosts.ts';
import { type InstrumentState, startStateful } from '../helpers/stateful-instrument.ts';

/** Given the frame of the usual answer, writes what it likes. The command has been carried out. */
export type Fault = (usual: Buffer, connection: FakeConnection, request: Received) => void;

/** A built server under a real host, and an instrument of its own that misbehaves on request. */
export interface FaultBench {
  readonly host: Host;
  readonly instrument: FakeInstrument & { state: InstrumentState };
  /** Hits the next requests of that name, `LED.GetStatus`, one fault each; those after them are answered as usual. */
  next: (name: string, ...faults: Fault[]) => void;
  /** Takes back the faults that have not hit. */
  clear: () => void;
  /** Requests of that name since the test began. */
  sent: (name: string) => Received[];
  /** Calls a read that answers something else each time, and says whether the answer is the right one. */
  answersRightly: () => Promise<{ right: boolean; connection: number; text: string }>;
}

/** One server and one instrument for all tests of a file. */
export function faultBench(...args: string[]): FaultBench {
  let host: Host;
  let instrument: FaultBench['instrument'];
  let start = 0;
  let count = 0;
  const faults = new Map<string, Fault[]>();
  beforeAll(async () => {
    instrument = await startStateful((name, request, connection) => {
      const fault = faults.get(name)?.shift();
      return fault && ((usual) => fault(usual, connection, request));
    });
    host = await startHost(['--port', String(instrument.port), ...args]);
  });
  beforeEach(() => {
    faults.clear();
    start = instrument.received.length;
    instrument.state.running = false;
  });
  afterAll(async () => {
    await host.close();
    await instrument.close();
  });
  return {
    get host() {
      return host;
    },
    get instrument() {
      return instrument;
    },
    next: (name, ...more) => faults.set(name, [...(faults.get(name) ?? []), ...more]),
    clear: () => faults.clear(),
    sent: (name) =>
      instrument.received.slice(start).filter(({ target, command }) => `${target}.${command}` === name),
    async answersRightly() {
      instrument.state.routine = `JV ${++count}`;
      const answer = await host.call('main_get_active_routine');
      return {
        right: dataOf(answer)?.['routine'] === `JV ${count}`,
        connection: instrument.received.at(-1)?.connection ?? 0,
        text: answer.text,
      };
    },
  };
}

/** What a command tool answers as the instrument's data. */
export function dataOf({ structured }: ToolResult): Record<string, unknown> | undefined {
  return structured?.['data'] as Record<string, unknown> | undefined;
}
