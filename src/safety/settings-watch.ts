import { AsyncLocalStorage } from 'node:async_hooks';
import type { CommandObserver } from '../instrument/command-observer.ts';
import type { Effect } from '../instrument/effects.ts';
import { differences } from '../text/differences.ts';
import type { Settings } from '../instrument/settings.ts';

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

  readonly observe: CommandObserver = ({ effects }) => {
    const silent = this.#comparing.getStore() === true;
    return (outcome, shown) => {
      if (outcome === 'not_sent' || outcome === 'refused') return;
      for (const effect of effects) {
        if (effect.type === 'changes_settings') this.#known = outcome === 'ok' ? effect.settings : undefined;
        else if (isOfWindow(effect)) this.#known = undefined;
      }
      for (const observation of shown)
        if (observation.type === 'settings' && !silent) this.#known = observation.settings;
    };
  };
}

/** Another window has other settings. */
function isOfWindow({ type }: Effect): boolean {
  return type === 'opens_window' || type === 'closes_window';
}
