import { expect, it, vi } from 'vitest';
import { idOf, type Rig, startRig } from '../helpers/measuring.ts';
import { type Bench, toolsOn } from '../helpers/tools.ts';

/** A server of another computer on the same instrument and folder: of the same name, with the same process number. */
function otherServer({ tools }: Rig, minutesOff: number): Bench {
  const port = Number(tools.connection.status().address.split(':').at(-1));
  return toolsOn(port, {}, 5000, {
    parts: {
      dataFolder: tools.archive.folder,
      machine: 'another',
      isAlive: () => false,
      now: () => new Date(Date.now() + minutesOff * 60_000),
    },
  });
}

it.concurrent.each([-10, 2, 10])(
  'a measurement that goes on is not recovered by a server whose clock is %i minutes off',
  async (minutesOff) => {
    let finish = async (): Promise<void> => undefined;
    try {
      const rig = await startRig((close) => void (finish = close), { speed: 1 });
      const other = otherServer(rig, minutesOff);
      const call = rig.tools.call('measure_jv', { wait_s: 50 });
      await vi.waitFor(async () => expect((await other.archive.list()).total).toBe(1), {
        timeout: 20_000,
        interval: 20,
      });
      const running = (state: unknown) => ({ measurements: [{ state }] });
      expect((await other.call('list_measurements')).structured).toMatchObject(
        running(expect.stringMatching(/running$/)),
      );
      // Looks until the other server shows itself, which it does every 5 s.
      const [listedId] = (await other.archive.list()).entries.map(({ id }) => id);
      const recovery = await other.call('recover_measurement', { id: listedId, wait_s: 50 });
      expect(recovery.error, recovery.text).toMatchObject({ code: 'measurement_running' });
      expect((await other.call('list_measurements')).structured).toMatchObject(running('running'));
      await rig.tools.call('cancel_measurement');
      const answer = await call;
      expect(answer.structured, answer.text).toMatchObject({ state: 'stopped' });
      expect(answer.text).not.toContain('NOT IN THE ARCHIVE');
      expect(await other.archive.read(idOf(answer))).toMatchObject({ state: 'stopped', problems: [] });
      expect((await other.archive.list()).total).toBe(1);
      other.close();
    } finally {
      await finish();
    }
  },
);
