import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as z from 'zod';
import type { ConnectionOptions } from '../../src/connection/connection-manager.ts';
import { InstrumentClient } from '../../src/instrument/client.ts';
import { watchedBy } from '../../src/instrument/command-observer.ts';
import { Archive } from '../../src/measurement/archive/archive.ts';
import { Jobs } from '../../src/measurement/jobs.ts';
import { KeptData } from '../../src/measurement/kept-data.ts';
import { LastRun } from '../../src/measurement/last-run.ts';
import { StageWatch } from '../../src/measurement/stage/stage-watch.ts';
import { Ownership } from '../../src/safety/ownership.ts';
import type { ToolContext } from '../../src/tools/define-tool.ts';
import { tools } from '../../src/tools/index.ts';
import { type HostCall, runTool } from '../../src/tools/run-tool.ts';
import { connectTo } from './connection.ts';

const result = z.looseObject({
  content: z.array(z.looseObject({ text: z.string() })),
  structuredContent: z.record(z.string(), z.unknown()).optional(),
  isError: z.boolean().default(false),
  _meta: z.record(z.string(), z.unknown()).optional(),
});

export interface Bench extends ToolContext {
  call: (
    name: string,
    args?: Record<string, unknown>,
    /** What a host does with the call. */
    host?: Partial<HostCall>,
  ) => Promise<{ text: string; structured: Record<string, unknown>; isError: boolean; error: unknown }>;
  close: () => void;
}

/** The tools of a server in this process, on a port of this machine, where a test needs other deadlines than a user can set. */
export function toolsOn(
  port: number,
  connectionOptions: Partial<ConnectionOptions> = {},
  requestTimeoutMs = 5000,
): Bench {
  const connection = connectTo({ port }, connectionOptions);
  const ownership = new Ownership();
  const lastRun = new LastRun();
  const client = new InstrumentClient({
    connection,
    parameterKey: 'auto',
    requestTimeoutMs,
    userName: undefined,
    observe: watchedBy(ownership.observe, lastRun.observe),
  });
  const archive = new Archive({
    folder: mkdtempSync(path.join(process.env['TEST_DATA_DIR'] ?? tmpdir(), 'tools-')),
    now: () => new Date(),
    host: 'this',
    pid: process.pid,
    isAlive: () => true,
  });
  const jobs = new Jobs({
    client,
    connection,
    ownership,
    lastRun,
    archive,
    kept: new KeptData(),
    userName: undefined,
    versions: { version: 'test', node: process.version },
    now: () => new Date(),
  });
  const context: ToolContext = {
    connection,
    client,
    ownership,
    lastRun,
    archive,
    jobs,
    stageWatch: new StageWatch(),
  };
  return {
    ...context,
    close: () => connection.close(),
    async call(name, args = {}, host = {}) {
      const tool = tools.find((candidate) => candidate.name === name);
      if (tool === undefined) throw new Error(`no tool ${name}`);
      const answer = result.parse(
        await runTool(tool, args, context, { signal: new AbortController().signal, ...host }),
      );
      return {
        text: answer.content.map(({ text }) => text).join('\n'),
        structured: answer.structuredContent ?? {},
        isError: answer.isError,
        error: answer._meta?.['arkeo-mcp/error'],
      };
    },
  };
}
