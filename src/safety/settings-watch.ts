import { AsyncLocalStorage } from 'node:async_hooks';
import type { CommandObserver } from '../instrument/command-observer.ts';
import type { Effect } from '../instrument/effects.ts';
import { overlaySettings, type Settings } from '../instrument/settings.ts';
import { differences } from '../text/differences.ts';
import { isRecord } from '../text/is-record.ts';
import { wordsOf } from './limits/setting-name.ts';

/** Callers of which it is known what they were shown, the newest. */
const REMEMBERED = 64;

/** Knowledge of the settings that a caller has. */
interface Shown {
  readonly settings: Settings;
  /** The window whose they are; undefined where none was seen yet. */
  readonly window: string | undefined;
  /** Words in the names of settings that its own commands may have changed since. */
  readonly free: ReadonlySet<string>;
}

/**
 * Remembers for each caller which settings it was shown or wrote last, to notice when somebody else changed them since:
 * a person at the screen, or another caller.
 */
export class SettingsWatch {
  readonly #shownTo = new Map<string, Shown>();
  /** The window that was seen open last. */
  #window: string | undefined;
  readonly #caller: () => string | undefined;
  readonly #comparing = new AsyncLocalStorage<true>();

  /** @param caller who sends the command that is observed: `Caller.id` */
  constructor(caller: () => string | undefined) {
    this.#caller = caller;
  }

  /** Reads that only compare must not count as having been shown to anybody. */
  comparing<T>(read: () => Promise<T>): Promise<T> {
    return this.#comparing.run(true, read);
  }

  /**
   * Lists what is otherwise than the caller knows it, a line each; empty where the caller knows nothing.
   * @param found the settings in force
   * @param effective what comes of settings with what the caller asks for: its own changes are none of others
   */
  changes(found: Settings, effective: (settings: Settings) => Settings = (same) => same): string[] {
    const shown = this.#shownTo.get(this.#id);
    if (shown === undefined) return [];
    // Another window has other settings: nothing is known of those.
    if (shown.window !== undefined && shown.window !== this.#window) return [];
    return differences(without(effective(shown.settings), shown.free), effective(found), [], 'known here');
  }

  /** The caller knows them now. */
  noteShown(settings: Settings): void {
    this.#noteSettings(this.#id, settings);
  }

  readonly observe: CommandObserver = ({ effects }) => {
    const silent = this.#comparing.getStore() === true;
    const id = this.#id;
    return (outcome, shown) => {
      if (outcome === 'not_sent' || outcome === 'refused') return;
      for (const effect of effects) {
        // Settings that were not confirmed may be in force or not: they are compared with those known before.
        if (effect.type === 'changes_settings' && outcome === 'ok') this.#noteApplied(id, effect.settings);
        else if (effect.type === 'changes_settings_about') this.#free(id, effect.words);
        else if (isOfWindow(effect)) this.#forgetWindow();
      }
      for (const observation of shown) {
        if (observation.type === 'window') this.#window = observation.routine ?? this.#window;
        if (observation.type === 'settings' && !silent) this.#noteSettings(id, observation.settings);
      }
    };
  };

  get #id(): string {
    return this.#caller() ?? '';
  }

  #forgetWindow(): void {
    this.#shownTo.clear();
    this.#window = undefined;
  }

  /** A part of the settings may have been applied: the caller goes on knowing the rest. */
  #noteApplied(id: string, settings: Settings): void {
    const known = this.#shownTo.get(id);
    if (known === undefined || known.window !== this.#window) this.#noteSettings(id, settings);
    else this.#note(id, { ...known, settings: overlaySettings(known.settings, settings) });
  }

  #noteSettings(id: string, settings: Settings): void {
    this.#note(id, { settings, window: this.#window, free: new Set() });
  }

  #note(id: string, shown: Shown): void {
    this.#shownTo.delete(id);
    this.#shownTo.set(id, shown);
    const [oldest] = this.#shownTo.keys();
    if (oldest !== undefined && this.#shownTo.size > REMEMBERED) this.#shownTo.delete(oldest);
  }

  #free(id: string, words: readonly string[]): void {
    const shown = this.#shownTo.get(id);
    if (shown !== undefined) this.#note(id, { ...shown, free: new Set([...shown.free, ...words]) });
  }
}

/** Another window has other settings. */
function isOfWindow({ type }: Effect): boolean {
  return type === 'opens_window' || type === 'closes_window';
}

/** The settings without those whose names have one of the words in them. */
function without(settings: Settings, words: ReadonlySet<string>): Settings {
  if (words.size === 0) return settings;
  return Object.fromEntries(
    Object.entries(settings).flatMap(([name, value]) => {
      if (wordsOf(name).some((word) => words.has(word))) return [];
      return [[name, isRecord(value) ? without(value, words) : value]];
    }),
  );
}
