import type { RoutineDefinition } from '../../instrument/routines/routine.ts';
import { splitHeading } from '../../science/units.ts';
import { amountsOf, electricalScale } from './amount.ts';
import { declaredQuantity } from './declared-quantity.ts';
import {
  Documentation,
  type DocumentedSetting,
  documentedForms,
  type Match,
  settingsInWords,
} from './documented-settings.ts';
import { type Exposures, guessed, together } from './envelope.ts';
import { isElectrical, type Quantity, type Read, readAs } from './quantity.ts';
import { type Leaf, placeOf } from './settings-leaves.ts';
import { foldName } from './setting-name.ts';
import { isSweep, readSweep } from './sweep.ts';
import { isNamedElectrical, readUndocumented } from './undocumented.ts';

/** A value of the settings, with the documented setting that it is, if it is one, and what was read of it. */
export interface FoundSetting extends Read {
  readonly leaf: Leaf;
  readonly at: string;
  readonly documented: Match | undefined;
}

/** Holds what is known of a routine's settings, and what is found of it in those of an instrument. */
export class FoundSettings {
  readonly found: readonly FoundSetting[];
  readonly #definition: RoutineDefinition | undefined;
  readonly #forms: (readonly DocumentedSetting[])[];
  readonly #documentation: Documentation;

  constructor(definition: RoutineDefinition | undefined, leaves: readonly Leaf[]) {
    this.#definition = definition;
    this.#forms = definition === undefined ? [] : documentedForms(definition);
    this.#documentation = new Documentation([
      ...this.#forms.flat(),
      ...(definition === undefined ? [] : settingsInWords(definition)),
    ]);
    this.found = leaves.map((leaf) => this.#read(leaf));
  }

  get exposures(): Exposures {
    return together(...this.found.map(({ exposures }) => exposures));
  }

  /** Every number that stands for a documented setting, whatever depth it stands at, in the declared unit. */
  numbers(place: string): number[] {
    return this.#at(place).flatMap(({ leaf }) =>
      (amountsOf(leaf.value)?.amounts ?? []).map(
        ({ number, unit }) => number * (electricalScale(leaf.unit ?? unit)?.scale ?? 1),
      ),
    );
  }

  /** The value at the documented place; undefined where it is missing, or where the settings contradict themselves. */
  value(place: string): unknown {
    const found = this.#at(place);
    const [first] = found;
    if (first === undefined || found.some(({ documented }) => documented?.how !== 'here')) return undefined;
    return found.every(({ leaf }) => leaf.value === first.leaf.value) ? first.leaf.value : undefined;
  }

  /** Likewise, a word, folded. */
  word(place: string): string | undefined {
    const value = this.value(place);
    return typeof value === 'string' ? foldName(value) : undefined;
  }

  /** The voltages and currents that the form of these settings cannot do without, and that are not there. */
  missing(): readonly string[] {
    const here = new Set(this.found.flatMap(({ documented }) => documented?.settings ?? []).map(placeKey));
    const { found } = this;
    const fitting = this.#forms.filter(
      (form) =>
        // A form without settings is one only of what has none.
        (form.length > 0 || found.length === 0) &&
        form.every(
          ({ constant, path }) =>
            constant === undefined || this.word(path.join(' › ')) === foldName(constant),
        ),
    );
    const candidates = (fitting.length > 0 ? fitting : this.#forms).map((form) =>
      form
        .filter((setting) => setting.required && this.#isElectrical(setting) && !here.has(placeKey(setting)))
        .map(({ path }) => placeOf(path)),
    );
    return candidates.toSorted((a, b) => a.length - b.length)[0] ?? [];
  }

  /** Every documented form has voltages or currents. */
  get isDriven(): boolean {
    return (
      this.#forms.length > 0 &&
      this.#forms.every((form) => form.some((setting) => setting.required && this.#isElectrical(setting)))
    );
  }

  #at(place: string): FoundSetting[] {
    return this.found.filter(({ documented }) =>
      documented?.settings.some(({ path }) => path.join(' › ') === place),
    );
  }

  #isElectrical(setting: DocumentedSetting): boolean {
    const quantity = this.#quantityOf(setting);
    return isElectrical(quantity) && quantity.is !== 'light';
  }

  #quantityOf(setting: DocumentedSetting): Quantity {
    return this.#definition === undefined ? { is: 'anything' } : declaredQuantity(this.#definition, setting);
  }

  #read(leaf: Leaf): FoundSetting {
    const at = placeOf(leaf.path);
    const about = { leaf, at };
    if (isSweep(leaf)) return { ...about, documented: undefined, ...readSweep(leaf, at) };
    const match = this.#documentation.find(leaf.path);
    const around = this.#around(leaf.path);
    // A number without a unit of its own may be in the unit of what stands around it.
    const isLoose =
      around.named && amountsOf(leaf.value) !== undefined && splitHeading(leaf.path.at(-1) ?? '').unit === '';
    const read = match && this.#readDocumented(match, leaf, at);
    if (match !== undefined && read !== undefined)
      return {
        ...about,
        documented: match,
        ...read,
        unclear: read.unclear || (isLoose && match.how !== 'here'),
      };
    const plain = readUndocumented(leaf, around.quantity, at);
    return { ...about, documented: undefined, ...plain, unclear: plain.unclear || isLoose };
  }

  /** Undefined where only a name is the same, and it is none of a voltage, current or light. */
  #readDocumented({ settings, how }: Match, leaf: Leaf, at: string): Read | undefined {
    const quantities = settings.map((setting) => this.#quantityOf(setting));
    const reads = quantities.map((quantity) => readAs(quantity, leaf.value, at, leaf.unit));
    const electrical = reads.filter((_, i) => isElectrical(quantities[i] ?? { is: 'anything' }));
    const unclear = reads.every((read) => read.unclear);
    if (electrical.length === 0)
      return how === 'name' || (how === 'near' && unclear)
        ? undefined
        : { exposures: together(), unclear: unclear || leaf.inList };
    const exposures = together(...unique(electrical.map((read) => read.exposures)));
    // Away from its place it may be any of the settings that have this name.
    const isAmbiguous = how !== 'here' && new Set(quantities.map(({ is }) => is)).size > 1;
    return isAmbiguous
      ? { exposures: guessed(exposures), unclear: true }
      : { exposures, unclear: unclear || leaf.inList };
  }

  /** A part around a value that is called after a voltage or current: documented as one, or only named so. */
  #around(path: readonly string[]): { quantity: Quantity | undefined; named: boolean } {
    let named = false;
    for (let depth = path.length - 1; depth > 0; depth--) {
      const name = path[depth - 1] ?? '';
      const match = this.#documentation.find(path.slice(0, depth));
      if (match?.how !== 'here' && this.#documentation.isGroup(name)) continue;
      const quantity = match?.settings.map((setting) => this.#quantityOf(setting)).find(isElectrical);
      if (quantity !== undefined) return { quantity, named: true };
      named ||= isNamedElectrical(name);
    }
    return { quantity: undefined, named };
  }
}

function placeKey({ path }: DocumentedSetting): string {
  return path.join('›');
}

function unique(parts: readonly Exposures[]): Exposures[] {
  return [...new Map(parts.map((part) => [JSON.stringify(part), part])).values()];
}
