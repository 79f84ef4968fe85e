import { isCallToolResult } from '@modelcontextprotocol/server';
import { Instrument } from '../../src/simulator/instrument.ts';
import { serveInstrument } from '../../src/simulator/server.ts';
import type { Clock } from '../../src/clock.ts';
import { StageWatch } from '../../src/conditions/stage-watch.ts';
import type { Tool } from '../../src/tools/define-tool.ts';
import { runTool } from '../../src/mcp/run-tool.ts';
import { type Hook, startStateful } from '../helpers/stateful-instrument.ts';
import { expectWhole } from '../helpers/whole-answers.ts';
import { toolsOn } from '../helpers/tools.ts';
import { ManualClock } from '../simulator/helpers.ts';

/** A clock on which waiting takes no time, shared by what waits and by the simulator. */
export class SharedClock implements Clock {
  readonly simulator = new ManualClock();
  now(): number {
    return this.simulator.seconds() * 1000;
  }
  async pause(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted !== true) this.simulator.pass(ms / 1000);
    await Promise.resolve();
  }
}

/** A simulated ARKEO on that clock, and what it was sent: reads left out. */
export async function startSimulated(clock: SharedClock) {
  const sent: string[] = [];
  const instrument = new Instrument({
    clock: clock.simulator,
    seed: 1,
    dialect: 'newest',
    version: 'test',
  });
  const server = await serveInstrument(instrument, {
    onRequest: ({ target, command, parameter }) => {
      if (!command.startsWith('Get')) sent.push(`${target}.${command} ${JSON.stringify(parameter)}`);
    },
  });
  return { port: server.port, close: () => server.close(), sent };
}

export interface Called {
  text: string;
  structured: Record<string, unknown>;
  isError: boolean;
  error: Record<string, unknown>;
}

/** Calls tools on a port, as the server does. */
export function stageTools(port: number, clock: Clock = new SharedClock()) {
  const bench = toolsOn(port);
  const context = { ...bench, stageWatch: new StageWatch(clock) };
  return {
    ...bench,
    async run(
      tool: Tool,
      args: Record<string, unknown>,
      host: { signal?: AbortSignal; progress?: (sentence: string, fraction?: number) => void } = {},
    ): Promise<Called> {
      const result = await runTool(tool, args, context, {
        caller: 'test',
        signal: new AbortController().signal,
        ...host,
      });
      if (!isCallToolResult(result)) throw new Error('it asks for something');
      const text = result.content.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
      const structured = result.structuredContent as Record<string, unknown> | undefined;
      const isError = result.isError === true;
      const error = (result._meta?.['arkeo-mcp/error'] ?? {}) as Record<string, unknown>;
      expectWhole(tool, { text, structured, isError, error });
      return { text, structured: structured ?? {}, isError, error };
    },
  };
}

/** A small instrument that a test may interfere with, and one tool on it. */
export async function toolRig(
  tool: Tool,
  opened: <T extends { close: () => unknown }>(thing: T) => T,
  hook?: Hook,
) {
  const instrument = opened(await startStateful(hook));
  const tools = opened(stageTools(instrument.port));
  return {
    state: instrument.state,
    tools,
    requests: instrument.requests,
    call: tools.run.bind(tools, tool),
    /** The parameters of each time it was sent. */
    sent: (command: string) =>
      instrument.received.filter((request) => request.command === command).map(({ parameter }) => parameter),
  };
}
