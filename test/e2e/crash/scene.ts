import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { vi } from 'vitest';
import * as z from 'zod';
import { progressFraction } from '../../../src/instrument/progress.ts';
import type { Clock } from '../../../src/simulator/clock.ts';
import { Instrument } from '../../../src/simulator/instrument.ts';
import { serveInstrument } from '../../../src/simulator/server.ts';
import { type Host, startHost } from '../../helpers/hosts.ts';

/** When the server is killed: asked at every request that the instrument sees, or all the time for what is on the disk. */
export interface Moment {
  on: 'request' | 'disk';
  isThere: (scene: Scene) => boolean;
}

/** Simulated seconds that pass with every look at the state: how fast it is here does not depend on the computer. */
const PER_LOOK = 0.15;

const status = z.looseObject({ data: z.looseObject({ progress: z.unknown() }) });
const stored = z.looseObject({ state: z.string() });

/** An instrument that lives on in the test, and a data folder that servers come and go on. */
export class Scene {
  /** "ROUTINE.StartMeasurement", in the order in which they came. */
  readonly seen: string[] = [];
  readonly folder = mkdtempSync(path.join(process.env['TEST_DATA_DIR'] ?? tmpdir(), 'crash-'));
  #seconds = 0;
  readonly #clock: Clock = { seconds: () => this.#seconds, wallTime: () => new Date() };
  #instrument: Instrument;
  #server: Awaited<ReturnType<typeof serveInstrument>> | undefined;
  #host: Host | undefined;
  #onRequest: () => void = () => undefined;

  constructor() {
    this.#instrument = this.#make();
  }

  #make(): Instrument {
    return new Instrument({ clock: this.#clock, seed: 1, dialect: 'newest', version: 'test' });
  }

  /** What somebody does at the screen. */
  atScreen(target: string, command: string, parameter: Record<string, unknown> = {}): unknown {
    return this.#instrument.handle({ target, command, parameter, requestId: 1 });
  }

  get fraction(): number {
    const { data } = status.safeParse(this.atScreen('ROUTINE', 'GetTestStatus')).data ?? {};
    return progressFraction(data?.progress) ?? 0;
  }

  /** What the instrument has measured, with the digits that it sends. */
  get truth(): unknown {
    const { data } = z.looseObject({ data: z.unknown() }).parse(this.atScreen('ROUTINE', 'GetTestData'));
    const digits = (_: string, value: unknown): unknown =>
      typeof value === 'number' ? Number(value.toPrecision(15)) : value;
    return z.unknown().parse(JSON.parse(JSON.stringify(data, digits)));
  }

  /** Whether some measurement has that file. */
  has(file: string): boolean {
    return this.#measurements().some((folder) => existsSync(path.join(folder, file)));
  }

  /** The state in the only record, undefined while there is none. */
  get recorded(): string | undefined {
    const [folder] = this.#measurements();
    if (folder === undefined) return undefined;
    return stored.parse(JSON.parse(readFileSync(path.join(folder, 'measurement.json'), 'utf8'))).state;
  }

  #measurements(): string[] {
    const root = path.join(this.folder, 'measurements');
    if (!existsSync(root)) return [];
    return readdirSync(root).flatMap((day) =>
      readdirSync(path.join(root, day))
        .filter((name) => !name.startsWith('.'))
        .map((name) => path.join(root, day, name)),
    );
  }

  async open(): Promise<void> {
    const onRequest = ({ target, command }: { target: string; command: string }): void => {
      this.seen.push(`${target}.${command}`);
      if (command === 'GetTestStatus') this.#seconds += PER_LOOK;
      this.#onRequest();
    };
    this.#server = await serveInstrument(this.#instrument, { port: this.#server?.port ?? 0, onRequest });
  }

  async server(...options: string[]): Promise<Host> {
    this.#host = await startHost([
      '--port',
      String(this.#server?.port),
      '--data-dir',
      this.folder,
      '--limits-profile',
      'single_junction',
      ...options,
    ]);
    return this.#host;
  }

  /**
   * Begins a measurement and kills the server at that moment. Nothing is left that switches off, as when the power fails,
   * unless the options ask for it.
   * @returns the process id of that server
   */
  async killAt(
    moment: Moment,
    tool: string,
    args: Record<string, unknown>,
    options: string[] = ['--on-exit', 'leave'],
  ): Promise<number> {
    const host = await this.server(...options);
    const { pid } = host;
    if (pid === null) throw new Error('the server has no process');
    await new Promise<void>((resolve, reject) => {
      let dead = false;
      const look = (): void => {
        if (dead || !moment.isThere(this)) return;
        dead = true;
        process.kill(pid, 'SIGKILL');
        resolve();
      };
      if (moment.on === 'request') this.#onRequest = look;
      const looking = setInterval(() => moment.on === 'disk' && look(), 2);
      host
        .call(tool, { ...args, wait_s: 50 })
        .then(
          () => (look(), dead ? undefined : reject(new Error('it ended before that moment'))),
          () => undefined,
        )
        .finally(() => clearInterval(looking));
    });
    this.#onRequest = () => undefined;
    await host.close().catch(() => undefined);
    await vi.waitFor(() => {
      if (isAlive(pid)) throw new Error('it still lives');
    });
    return pid;
  }

  /** The application is restarted: nothing is open, and nothing of before is there. */
  async restart(): Promise<void> {
    await this.#server?.close();
    this.#instrument = this.#make();
    await this.open();
  }

  /** So much time that whatever measures by itself has ended. */
  passTime(): void {
    this.#seconds += 1000;
  }

  async close(): Promise<void> {
    await this.#host?.close().catch(() => undefined);
    await this.#server?.close();
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
