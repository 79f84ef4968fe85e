import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as z from 'zod';
import type { ConnectionOptions } from '../../src/connection/connection-manager.ts';
import { allInOne } from '../../src/instrument/all-in-one.ts';
import { toolsFor } from '../../src/tools/index.ts';
import { assemble, type Parts } from '../../src/cli/assemble.ts';
import { createLogger } from '../../src/logger.ts';
import { type LimitSource } from '../../src/safety/limits/limit-source.ts';
import type { ToolContext } from '../../src/tools/define-tool.ts';
import { type HostCall, runTool } from '../../src/mcp/run-tool.ts';
import type { Hazard } from '../../src/vocabulary.ts';
import { expectWhole } from './whole-answers.ts';
import { connectTo } from './connection.ts';
import { limitSource, tools } from './all-in-one.ts';

const result = z.looseObject({
  // Links and pictures have none.
  content: z.array(z.looseObject({ text: z.string().default('') })),
  structuredContent: z.record(z.string(), z.unknown()).optional(),
  isError: z.boolean().default(false),
  _meta: z.record(z.string(), z.unknown()).optional(),
});

const members = z.record(z.string(), z.unknown());

export interface Bench extends ToolContext {
  call: (
    name: string,
    args?: Record<string, unknown>,
    /** What a host does with the call. */
    host?: Partial<HostCall>,
  ) => Promise<{ text: string; structured: Record<string, unknown>; isError: boolean; error: unknown }>;
  close: () => void;
}

/** What a server asks the person about, and under which limits it works. Usually tests are not about that. */
export interface Caution {
  confirm?: Parts['confirm'];
  allow?: readonly Hazard[];
  limits?: LimitSource;
  /** Parts that another server has otherwise: its data folder, which processes live, how often it keeps long runs, its clock. */
  parts?: Partial<
    Pick<Parts, 'product' | 'dataFolder' | 'isAlive' | 'checkpoints' | 'disk' | 'machine' | 'now' | 'clock'>
  >;
}

/** The tools of a server in this process, on a port of this machine, where a test needs other deadlines than a user can set. */
export function toolsOn(
  port: number,
  connectionOptions: Partial<ConnectionOptions> = {},
  requestTimeoutMs = 5000,
  {
    confirm = 'never',
    allow = [],
    limits = limitSource(undefined, 'single_junction'),
    parts = {},
  }: Caution = {},
): Bench {
  const connection = connectTo({ port }, connectionOptions);
  const context = assemble({
    product: allInOne,
    connection,
    logger: createLogger({ level: 'silent' }),
    builtIn: false,
    dataFolder: mkdtempSync(path.join(process.env['TEST_DATA_DIR'] ?? tmpdir(), 'tools-')),
    host: 'this',
    pid: process.pid,
    machine: 'this',
    isAlive: () => true,
    now: () => new Date(),
    userName: undefined,
    parameterKey: 'auto',
    requestTimeoutMs,
    limits,
    confirm,
    allow: new Set(allow),
    ...parts,
  });
  const { product } = context;
  const offered = product === allInOne ? tools : toolsFor(product);
  return {
    ...context,
    close: () => connection.close(),
    async call(name, args = {}, host = {}) {
      const tool = offered.find((candidate) => candidate.name === name);
      if (tool === undefined) throw new Error(`no tool ${name}`);
      const answer = result.parse(
        await runTool(tool, args, context, {
          caller: 'test',
          signal: new AbortController().signal,
          ...host,
        }),
      );
      const { structuredContent: structured, isError } = answer;
      const text = answer.content.flatMap((part) => (part.text === '' ? [] : [part.text])).join('\n');
      const error = members.optional().parse(answer._meta?.['arkeo-mcp/error']);
      // A question to the person is no answer yet.
      if (answer.content.length > 0) expectWhole(tool, { text, structured, isError, error });
      return { text, structured: structured ?? {}, isError, error };
    },
  };
}
