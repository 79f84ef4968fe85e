import { AsyncLocalStorage } from 'node:async_hooks';
import type { CommandObserver } from '../instrument/command-observer.ts';
import { commands } from '../instrument/commands/index.ts';
import { differences } from '../text/differences.ts';

type Settings = Readonly<Record<string, unknown>>;

/** Remembers which settings we wrote or read last, to notice when somebody else changed them since. */
export class SettingsWatch {
  #known: Settings | undefined;
  readonly #comparing = new AsyncLocalStorage<true>();

  /** Reads that only compare must not count as having been shown to anybody. */
  comparing<T>(read: () => Promise<T>): Promise<T> {
    return this.#comparing.run(true, read);
  }

  /** What is otherwise than we know it, a line each; empty where nothing is known. */
  changes(inForce: Settings): string[] {
    return this.#known === undefined ? [] : differences(this.#known, inForce, []);
  }

  readonly observe: CommandObserver = ({ target, command, parameter }) => {
    const silent = this.#comparing.getStore() === true;
    return (outcome, data) => {
      if (outcome === 'not_sent' || outcome === 'refused') return;
      switch (`${target}.${command}`) {
        case 'ROUTINE.GetSettings':
        case 'ROUTINE.LoadSettings':
          if (!silent && outcome === 'ok')
            this.#known = commands.ROUTINE.GetSettings.result.safeParse(data).data?.settings;
          break;
        case 'ROUTINE.ApplySettings':
          this.#known = outcome === 'ok' ? parameter : undefined;
          break;
        // Commands of a routine may change its settings: exposure, dimensions.
        case 'ROUTINE.AutoExposure':
        case 'ROUTINE.SetDeviceDimensions':
        case 'ROUTINE.SetInfo':
        case 'ROUTINE.SetMode':
        case 'MAIN.StartRoutine':
        case 'ROUTINE.CloseRoutine':
        case 'MAIN.CloseRoutine':
          this.#known = undefined;
          break;
        default:
      }
    };
  };
}
