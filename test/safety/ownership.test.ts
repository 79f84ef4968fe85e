import { afterEach, expect, it, vi } from 'vitest';
import { observed, written } from '../helpers/written.ts';
import { allInOne } from '../../src/instrument/all-in-one.ts';
import { Ownership } from '../../src/safety/ownership.ts';

afterEach(() => void vi.useRealTimers());

it('Ready right after the start is no end (row 23), but a run that nobody saw end is over when the routine is Ready long after its start', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const ownership = new Ownership(allInOne);
  const status = (word: string) =>
    observed(ownership.observe, written('ROUTINE', 'GetTestStatus'), 'ok', { routine_status: word });
  const start = () => observed(ownership.observe, written('ROUTINE', 'StartMeasurement'));

  start();
  status('Ready');
  expect(ownership.measurement).toBe(true);
  vi.advanceTimersByTime(6000);
  status('Ready');
  expect(ownership.measurement).toBe(false);

  start();
  vi.advanceTimersByTime(60_000);
  status('Running');
  expect(ownership.measurement).toBe(true);
  status('Ready');
  expect(ownership.measurement).toBe(false);
});
