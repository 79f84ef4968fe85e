import { readFileSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import path from 'node:path';
import type { Config } from '../config.ts';
import { ConnectionManager } from '../connection/connection-manager.ts';
import { addressOf, type Endpoint } from '../connection/connector.ts';
import { ConfigurationError } from '../errors.ts';
import { allInOne } from '../instrument/all-in-one.ts';
import type { Logger } from '../logger.ts';
import { defaultDataFolder } from './data-folder.ts';
import { limitSource } from '../safety/limits/limit-source.ts';
import type { Simulator } from '../simulator/server.ts';
import { type Assembled, assemble } from './assemble.ts';
import { processTable } from './process-table.ts';
import { startGuard } from './start-guard.ts';
import { VERSION } from '../version.ts';

export interface Context extends Assembled {
  /** Closes the connection and the built-in simulator. */
  close: () => Promise<void>;
}

const PROBE_AFTER_MS = 30_000;
const PROBE_TIMEOUT_MS = 5000;

/**
 * Puts the parts together. Nothing is dialled or started before the first command.
 *
 * @param keepsLog true if commands are logged in the data folder
 */
export function createContext(config: Config, logger: Logger, keepsLog = true): Context {
  const product = allInOne;
  const { host, port } = config;
  const ca = config.tlsCa === undefined ? undefined : readCertificate(config.tlsCa);
  const instrument: Endpoint = { host, port, ...(config.tls || ca !== undefined ? { tls: { ca } } : {}) };
  const connectTimeoutMs = config.connectTimeout * 1000;
  const maxReplyBytes = config.maxReplyMib * 1024 * 1024;
  let simulator: Promise<Simulator> | undefined;
  const startSimulator = async (): Promise<Simulator> => {
    const { startSimulator: start } = await import('../simulator/server.ts');
    return start({ speed: config.simulatorSpeed, version: VERSION });
  };

  const connection = new ConnectionManager({
    address: config.simulator ? 'the built-in simulator' : addressOf(instrument),
    tls: instrument.tls !== undefined,
    endpoint: async () => {
      if (!config.simulator) return instrument;
      simulator ??= startSimulator();
      return simulator;
    },
    connectTimeoutMs,
    maxReplyBytes,
    probe: {
      request: { target: product.probe.target, command: product.probe.name, parameter: {} },
      afterMs: PROBE_AFTER_MS,
      timeoutMs: PROBE_TIMEOUT_MS,
    },
    logger,
    simulator: config.simulator ? `arkeo-mcp ${VERSION}` : undefined,
  });
  const tools = assemble({
    product,
    connection,
    logger,
    builtIn: config.simulator,
    dataFolder: dataFolderOf(config),
    keepsLog,
    host: hostname(),
    pid: process.pid,
    machine: processTable(),
    isAlive,
    now: () => new Date(),
    userName: config.userName,
    // The built-in simulator ends with this process, and what is to be left needs no guard.
    guardProcess:
      config.simulator || config.onExit === 'leave'
        ? undefined
        : {
            start: startGuard,
            instrument: { host, port, ...(instrument.tls === undefined ? {} : { tls: { ca } }) },
            connectTimeoutMs,
            maxReplyBytes,
          },
    parameterKey: config.parameterKey,
    requestTimeoutMs: config.requestTimeout * 1000,
    limits: limitSource(product, config.limits, config.limitsProfile),
    confirm: config.confirm,
    allow: new Set(config.allow),
  });
  return {
    ...tools,
    async close() {
      connection.close();
      await (await simulator)?.close();
    },
  };
}

/** Folder of measurements, log and records; absolute. */
export function dataFolderOf({ dataDir }: Config): string {
  return path.resolve(
    dataDir ?? defaultDataFolder({ platform: process.platform, env: process.env, home: homedir() }),
  );
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // The process lives, and belongs to another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function readCertificate(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigurationError(
      `--tls-ca (ARKEO_TLS_CA): ${reason}`,
      'Give the path of a PEM file that can be read.',
    );
  }
}
