import { word } from './arguments.ts';
import { definePrompt } from './define-prompt.ts';

export const stopEverything = definePrompt({
  name: 'stop_everything',
  title: 'Stop everything safely',
  description: 'Stops the measurement; light, lasers, relays and heating off; then says what is still on.',
  arguments: {
    scope: word('ours (default): what this server started; everything: also what others did.', [
      'ours',
      'everything',
    ]),
  },
  tools: ['safe_shutdown'],
  text({ scope = 'ours' }, has) {
    const look = has('instrument_status') ? ' Then instrument_status(): is anything still on?' : '';
    const kept = has('wait_for_measurement') ? ' If one was stopped, wait_for_measurement() tells.' : '';
    return [
      `Stop everything now: safe_shutdown(scope=${scope}). Ask and call nothing before.${look}`,
      'Something failed or its outcome is unknown: the same call once more, at once. Fails it again: tell me first of all what may still be on, and to switch it off at the ARKEO or by its emergency stop.',
      scope === 'ours'
        ? 'What others started or switched on stays. If there is any, name it and ask me; after my yes: safe_shutdown(scope=everything).'
        : 'I mean everything, also what others started.',
      'Lasers that others switched on and the shutter of the lamp it cannot see: tell me to look.',
      'Report what was on, what is off as read back, what is not, and which measurement was stopped and what is kept of it.' +
        `${kept} Start nothing again unless I say so.`,
    ].join('\n');
  },
});
