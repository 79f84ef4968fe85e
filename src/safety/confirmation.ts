import { InputError } from '../errors.ts';
import type { WireCommand } from '../instrument/command-observer.ts';
import type { Hazard } from '../vocabulary.ts';

/** Something to ask the person about before a command is sent. */
export interface Question {
  /** `call`: nothing special, but every call is to be asked about. */
  hazard: Hazard | 'call';
  /** Sentence that says what would be done and why it is asked. */
  text: string;
  /** Scope of a yes: by default this very command with these parameters, asked in these words. */
  key?: string;
}

/** A command needs a person's yes. Nothing was sent. Whoever answers the call asks; the model cannot say yes. */
export class ConfirmationRequired extends InputError {
  readonly questions: readonly Question[];
  /** The option of the server that allows it beforehand. */
  readonly option: string;
  /** Keys that a yes would agree to. */
  readonly keys: readonly string[];

  constructor(command: WireCommand, questions: readonly Question[]) {
    const hazards = [...new Set(questions.map(({ hazard }) => hazard))];
    const option = hazards.includes('call') ? '--confirm hazardous' : `--allow ${hazards.join(',')}`;
    super(`a person has to agree: ${questions.map(({ text }) => text).join('; ')}`, {
      code: 'confirmation_required',
      target: command.target,
      command: command.command,
      hint: `Nobody could be asked here, so it was not done. Tell the person; whoever runs the server can allow it beforehand with ${option}.`,
    });
    this.option = option;
    this.questions = questions;
    this.keys = questions.map((question) => keyOf(question, command));
  }
}

/** Makes the key that a yes agrees to: this command with this parameter, unless the question names something else. */
export function keyOf({ key, hazard, text }: Question, { target, command, parameter }: WireCommand): string {
  return key ?? JSON.stringify([target, command, parameter, hazard, text]);
}
