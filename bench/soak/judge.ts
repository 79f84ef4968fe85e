import type { ToolResult } from '../../test/helpers/hosts.ts';
import type { SoakCall } from './calls.ts';
import type { Ledger } from './ledger.ts';
import { padOf, readFromText, readStamp, type Stamp } from './stamp.ts';

export type Told = 'success' | 'not_sent' | 'refused' | 'unknown';

/** One call that has returned. */
export interface Done {
  call: SoakCall;
  nonce: number;
  result: ToolResult;
  /** Serial number of the instrument's last request when the call began. */
  before: number;
  /** Number of requests that arrived during a call that runs alone. */
  arrived: number;
}

/** Names under which broken promises are counted. */
export type Promised = 'belongs' | 'once' | 'code and outcome' | 'true outcome' | 'ends';
export type Broken = (promised: Promised, what: string) => void;

interface Written {
  wire: string;
  nonce: number;
  told: Told;
}

/** Compares the results that callers see with the instrument's record. */
export class Judge {
  readonly #ledger: Ledger;
  readonly #broken: Broken;
  readonly #delivered = new Set<number>();
  readonly #written: Written[] = [];
  /** Number of results by kind: `read success`, `write not_sent` … */
  readonly told = new Map<string, number>();
  readonly codes = new Map<string, number>();
  readonly tools = new Map<string, { calls: number; successes: number }>();

  constructor(ledger: Ledger, broken: Broken) {
    this.#ledger = ledger;
    this.#broken = broken;
  }

  take(done: Done): void {
    const { call, result } = done;
    const about = `${call.tool} (nonce ${done.nonce})`;
    const told = result.isError ? this.#failure(done, about) : this.#success(done, about);
    count(this.told, `${call.kind} ${told ?? '?'}`);
    const tool = this.tools.get(call.tool) ?? { calls: 0, successes: 0 };
    this.tools.set(call.tool, {
      calls: tool.calls + 1,
      successes: tool.successes + (told === 'success' ? 1 : 0),
    });
  }

  /** Judges at the end, once everything has arrived: a request may arrive after its caller has given up. */
  conclude(): void {
    for (const { wire, nonce, told } of this.#written) this.#hold(wire, nonce, told);
    for (const nonce of this.#ledger.sentTwice)
      this.#broken('once', `nonce ${nonce} arrived as ${this.#ledger.verdicts(nonce).join(', ')}`);
  }

  /** Calls with an unknown outcome, by their real one: never arrived, refused, or carried out. */
  unknowns(): Record<'never arrived' | 'refused' | 'carried out', number> {
    const found = { 'never arrived': 0, refused: 0, 'carried out': 0 };
    for (const { nonce, told } of this.#written) {
      if (told !== 'unknown') continue;
      const verdict = this.#ledger.verdicts(nonce).at(-1);
      found[verdict === undefined ? 'never arrived' : verdict === 'accepted' ? 'carried out' : 'refused']++;
    }
    return found;
  }

  #success(done: Done, about: string): Told {
    const { call, nonce, result, arrived } = done;
    this.#belongs(done, readStamp(result.structured?.['data']), about);
    if (
      call.alone === true &&
      !carriesNonce(call) &&
      !(arrived === 1 || (call.kind === 'read' && arrived === 2))
    )
      this.#broken(arrived > 1 ? 'once' : 'true outcome', `${about} succeeded, and arrived ${arrived} times`);
    if (carriesNonce(call)) this.#written.push({ wire: call.wire, nonce, told: 'success' });
    return 'success';
  }

  #failure(done: Done, about: string): Told | undefined {
    const { call, nonce, result, arrived } = done;
    const { code, outcome, target, command } = result.error ?? {};
    const told = TOLD.find((known) => known === outcome);
    if ((typeof code !== 'string' && typeof code !== 'number') || told === undefined) {
      this.#broken('code and outcome', `${about}: ${JSON.stringify(result.error)} ${result.text}`);
      return undefined;
    }
    if (!result.text.includes(`ERROR ${code}:`) || !result.text.includes(`Outcome: ${told} `))
      this.#broken('code and outcome', `${about} has another text: ${result.text}`);
    count(this.codes, `${code}, ${told}`);
    // A read that has to come first may have failed under its own name: then the command itself was never sent.
    const own = `${String(target)}.${String(command)}` === call.wire;
    if (own && told === 'refused') this.#belongs(done, readFromText(result.text), about);
    if (carriesNonce(call)) this.#written.push({ wire: call.wire, nonce, told: own ? told : 'not_sent' });
    if (call.alone === true && !carriesNonce(call)) {
      if (told === 'not_sent' && arrived > 0)
        this.#broken('true outcome', `${about} is told not_sent (${code}), and arrived ${arrived} times`);
      if (told === 'refused' && own && arrived === 0)
        this.#broken('true outcome', `${about} is told refused, and never arrived`);
      if (arrived > (call.kind === 'read' ? 2 : 1)) this.#broken('once', `${about} arrived ${arrived} times`);
    }
    return told;
  }

  /**
   * True if the content belongs to the call: a reply to this command, requested during this call, with the
   * nonce of this call, and given to no other caller before.
   */
  #belongs({ call, nonce, before, result }: Done, stamp: Stamp | undefined, about: string): void {
    const own = carriesNonce(call) ? nonce : null;
    const right =
      stamp !== undefined &&
      stamp.of === call.wire &&
      stamp.nonce === own &&
      stamp.pad === padOf(stamp.serial) &&
      stamp.serial > before &&
      stamp.serial <= this.#ledger.serial &&
      !this.#delivered.has(stamp.serial);
    if (!right)
      this.#broken(
        'belongs',
        `${about} after request ${before} was given ${JSON.stringify(stamp)}: ${result.text.slice(0, 300)}`,
      );
    if (stamp !== undefined) this.#delivered.add(stamp.serial);
  }

  #hold(wire: string, nonce: number, told: Told): void {
    const verdicts = this.#ledger.verdicts(nonce);
    const last = verdicts.at(-1);
    const isTrue = {
      success: last === 'accepted',
      not_sent: last === undefined,
      // A command that was refused in every form counts as refused.
      refused: last === 'refused' || last === 'other_form',
      unknown: true,
    }[told];
    if (!isTrue)
      this.#broken(
        'true outcome',
        `${wire} (nonce ${nonce}) is told ${told}, the instrument has ${verdicts.join(', ') || 'nothing'}`,
      );
  }
}

const TOLD: readonly Told[] = ['not_sent', 'refused', 'unknown'];

export function carriesNonce({ kind, wire }: SoakCall): boolean {
  return kind === 'write' && wire !== 'ROUTINE.CloseRoutine';
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
