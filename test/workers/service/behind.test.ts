import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { Behind } from '../../../workers/service/behind.ts';

describe('work that no answer waits for', () => {
  it('is done in order when nothing is being answered, and not at once', async () => {
    const behind = new Behind();
    const done: string[] = [];
    behind.add(() => void done.push('a'));
    behind.add(() => void done.push('b'));
    expect(done).toEqual([]);
    await nextTurn();
    expect(done).toEqual(['a', 'b']);
  });

  it('waits for the last of the requests, and for its answer to be written', async () => {
    const behind = new Behind(60_000);
    const done: string[] = [];
    const [first, second] = [behind.begin(), behind.begin()];
    behind.add(() => void done.push('work'));
    first();
    await nextTurn();
    await nextTurn();
    expect(done).toEqual([]);
    second();
    await Promise.resolve().then(() => done.push('answer'));
    await vi.waitFor(() => expect(done).toEqual(['answer', 'work']));
    behind.finish();
  });

  it('waits on when a request comes before its turn', async () => {
    const behind = new Behind(60_000);
    let done = false;
    behind.add(() => (done = true));
    const end = behind.begin();
    await nextTurn();
    await nextTurn();
    expect(done).toBe(false);
    end();
    await vi.waitFor(() => expect(done).toBe(true));
  });

  it('does not wait for ever for requests to end', async () => {
    const behind = new Behind(20);
    behind.begin();
    let done = 0;
    behind.add(() => (done += 1));
    await vi.waitFor(() => expect(done).toBe(1));
    // What comes later is waited for anew, and no work is done twice.
    behind.add(() => (done += 10));
    await vi.waitFor(() => expect(done).toBe(11));
    await sleep(50);
    expect(done).toBe(11);
  });

  it('is done at once when the service leaves', () => {
    const behind = new Behind();
    behind.begin();
    let done = 0;
    behind.add(() => (done += 1));
    behind.finish();
    behind.finish();
    expect(done).toBe(1);
  });
});
