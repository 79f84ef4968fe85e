import { InputError } from '../../errors.ts';
import type { Kind } from '../../instrument/command.ts';
import type { CommandGate, GateRead } from '../../instrument/command-gate.ts';
import type { WireCommand, WrittenCommand } from '../../instrument/command-observer.ts';
import { quote, shown } from '../../text/quote.ts';
import type { Product } from '../../instrument/product.ts';
import type { Settings } from '../../instrument/settings.ts';
import type { Caller, Callers } from '../caller.ts';
import type { Hazard } from '../../vocabulary.ts';
import { ConfirmationRequired, keyOf, type Question } from '../confirmation.ts';
import { assessCommandAllowed, assessRoutineAllowed } from '../limits/assess.ts';
import type { LimitSource } from '../limits/limit-source.ts';
import type { Ownership } from '../ownership.ts';
import type { SettingsWatch } from '../settings-watch.ts';
import {
  onLaser,
  onLight,
  onOutput,
  onProbeCurrent,
  onRelayBoard,
  onRelays,
  onTemperature,
} from './device-rules.ts';
import { onApplying, onStarting, settingsChanged } from './settings-rules.ts';
import { readSituation } from './situation.ts';
import { ALLOWED, ask, fromFindings, together, type Verdict } from './verdict.ts';
import { onClosing, onOpening, onRunOfOthers, onStartingAgain, takeOverKey } from './windows.ts';

const CONFIRM = ['hazardous', 'always', 'never'] as const;

export interface GuardOptions {
  product: Product;
  limits: LimitSource;
  confirm: (typeof CONFIRM)[number];
  /** Hazards that whoever runs the server has agreed to beforehand. */
  allow: ReadonlySet<Hazard>;
  ownership: Ownership;
  watch: SettingsWatch;
  callers: Callers;
  /** The sample as the instrument was told last, where a call names none. */
  device: () => string | undefined;
  /** The measurement that is under way, if any: it alone may change anything. */
  runningJob: () => { id: string; askedBy: string; isOf: (caller: string) => boolean } | undefined;
}

/**
 * The one place that every command which changes something passes on its way to the wire: allows it, or refuses
 * it, or finds that a person has to agree. Nothing can go around it, since the client asks it for each command.
 */
export class Guard implements CommandGate {
  readonly #options: GuardOptions;

  constructor(options: GuardOptions) {
    this.#options = options;
  }

  async admit(command: WrittenCommand, read: GateRead): Promise<void> {
    const caller = this.#options.callers.current;
    this.#requireLimits(command);
    this.#requireNoOtherJob(command, caller);
    const { refusals, questions } = await this.#judge(command, caller, read);
    const [first] = refusals;
    if (first !== undefined) {
      throw new InputError(refusals.map(({ message }) => message).join('; '), {
        code: first.code,
        hint: first.hint,
        target: command.target,
        command: command.command,
      });
    }
    this.#requireAgreement(command, questions, caller);
  }

  /** Why nothing may be changed at all; undefined where it may. */
  get blocked(): string | undefined {
    return this.#options.limits.blocked;
  }

  /** Before a measurement begins: what it is sure to send is judged as it will be when it is sent. */
  async checkAhead(announced: readonly WrittenCommand[], read: GateRead): Promise<void> {
    for (const command of announced) await this.admit(command, read);
  }

  /**
   * Settings for a measurement, before anything is applied: what somebody else changed since they were shown to the caller
   * is told first, and measured with when the same is asked again. Throws InputError `settings_changed`, what `read` throws.
   * @param effective what comes of settings with what is asked for
   */
  async readAsShown(
    read: () => Promise<Settings | undefined>,
    effective: (settings: Settings) => Settings = (same) => same,
  ): Promise<Settings | undefined> {
    const { watch } = this.#options;
    const found = await watch.comparing(read);
    if (found === undefined) return undefined;
    const changed = watch.changes(found, effective);
    watch.noteShown(found);
    if (changed.length === 0) return found;
    throw new InputError(settingsChanged(changed), {
      code: 'settings_changed',
      hint: 'Tell the person. The same call again measures with what is in force now; arguments or settings of the call change it.',
    });
  }

  /** Touching what somebody else started needs the word of a person. Throws ConfirmationRequired. */
  requireTakeOver(what: string, active: string): void {
    const command = { target: 'ROUTINE', command: 'StopMeasurement', parameter: {} };
    const question: Question = { hazard: 'take-over', text: what, key: takeOverKey(active) };
    this.#requireAgreement(command, [question], this.#options.callers.current);
  }

  /** With `--confirm always` every call that acts is asked about. Throws ConfirmationRequired. */
  requireCallAgreement(caller: Caller, kind: Kind, parameter: Readonly<Record<string, unknown>>): void {
    if (this.#options.confirm !== 'always' || kind !== 'actuate') return;
    const command = { target: '', command: caller.tool, parameter };
    const text = `${caller.tool} ${shown(parameter)}`;
    this.#requireAgreement(command, [{ hazard: 'call', text }], caller);
  }

  #requireAgreement(command: WireCommand, questions: readonly Question[], caller: Caller | undefined): void {
    const { allow, confirm } = this.#options;
    if (confirm === 'never') return;
    const open = questions.filter(
      (question) =>
        (question.hazard === 'call' || !allow.has(question.hazard)) &&
        caller?.agreed.has(keyOf(question, command)) !== true,
    );
    if (open.length > 0) throw new ConfirmationRequired(command, open);
  }

  #requireLimits({ target, command }: WireCommand): void {
    const { blocked } = this.#options.limits;
    if (blocked === undefined) return;
    throw new InputError(`the limits could not be read, so nothing is changed: ${blocked}`, {
      code: 'no_limits',
      hint: 'Reading and switching off work. Whoever runs the server has to correct the limits file (--limits, ARKEO_LIMITS) and start it again.',
      target,
      command,
    });
  }

  #requireNoOtherJob({ target, command }: WireCommand, caller: Caller | undefined): void {
    const running = this.#options.runningJob();
    if (running === undefined || caller?.job === running.id) return;
    const whose = caller !== undefined && running.isOf(caller.id) ? '' : `, asked for by ${running.askedBy}`;
    throw new InputError(
      `a measurement is under way (${running.id}${whose}), and nothing else is changed meanwhile`,
      {
        code: 'measurement_running',
        hint: 'Follow it with wait_for_measurement, or stop it with cancel_measurement. Reading and switching off work.',
        target,
        command,
      },
    );
  }

  async #judge(command: WrittenCommand, caller: Caller | undefined, read: GateRead): Promise<Verdict> {
    const { product, ownership, watch, limits: source } = this.#options;
    const warn = (text: string): void => void caller?.notes.add(text);
    const { target, parameter } = command;
    // An instrument may not care about upper and lower case.
    const documented = product.commandsNamed(target, command.command)[0]?.name;
    const name = documented ?? command.command;
    const device = caller?.device ?? this.#options.device();
    const takeOver = caller?.takeOver === true;
    const situation = await readSituation(read, ownership);
    const limits = source.for({ routine: situation.active ?? undefined, device });
    const denied = fromFindings(assessCommandAllowed(`${target}.${name}`, limits));
    const others = (): Verdict => onRunOfOthers(situation, `${target}.${name}`);
    switch (`${target}.${name}`) {
      case 'MAIN.StartRoutine': {
        const named = parameter['routine'] ?? parameter['routine_name'];
        const wanted = typeof named === 'string' ? named : '';
        const allowed = source.for({ routine: wanted, device });
        return together(
          denied,
          fromFindings(assessRoutineAllowed(wanted, allowed)),
          onOpening(wanted, situation, takeOver, product),
        );
      }
      case 'ROUTINE.CloseRoutine':
      case 'MAIN.CloseRoutine':
        return together(denied, onClosing(situation, takeOver));
      case 'ROUTINE.ApplySettings':
        return together(
          denied,
          others(),
          await onApplying(parameter, situation.active, limits, { read, watch }),
        );
      case 'ROUTINE.StartMeasurement':
        return together(
          denied,
          others(),
          onStartingAgain(situation),
          fromFindings(assessRoutineAllowed(situation.active ?? '', limits)),
          await onStarting(situation.active, limits, { read, watch, warn }),
        );
      case 'ROUTINE.SetOutput':
        return together(denied, others(), await onOutput(parameter, limits, read));
      case 'ROUTINE.ApplyCurrent':
        return together(denied, others(), onProbeCurrent(parameter, limits));
      case 'ROUTINE.SetLaser':
        return together(denied, others(), onLaser(parameter, limits));
      case 'ROUTINE.StartCalibration':
        return together(
          denied,
          others(),
          ask(
            'calibration',
            'calibrating the lamp replaces the calibration in use: is the photodiode in place?',
          ),
        );
      case 'LED.SetValues':
        return together(denied, others(), onLight(parameter, limits));
      case 'MUX.SetStatus':
        return together(denied, others(), onRelays(parameter, situation));
      case 'MUX.Connect':
      case 'MUX.Disconnect':
        return together(denied, others(), onRelayBoard(situation));
      case 'TMPCTL.SetTemperature':
      case 'TMPCTL.SetEnable':
        return together(denied, others(), await onTemperature(parameter, limits, read));
      default:
        return together(
          denied,
          others(),
          documented === undefined
            ? ask(
                'custom',
                `${quote(name)} ${shown(parameter)} is a command that nothing is known of: it may switch anything on`,
              )
            : ALLOWED,
        );
    }
  }
}
