/** Many sessions that begin in the same moment. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StartCopy, isBuilt, processesOf } from './start-support.ts';

let copy: StartCopy;
beforeAll(() => {
  copy = new StartCopy();
});
afterAll(() => copy.remove());

const isLinux = process.platform === 'linux';

describe.skipIf(!isBuilt)('node start.js', () => {
  it('50 at once start one service', async () => {
    const dir = copy.nextDir();
    const runs = await Promise.all(Array.from({ length: 50 }, () => copy.start(dir)));
    const outcomes = runs.map(({ result }) => result['outcome']);
    expect(outcomes.filter((outcome) => outcome === 'started')).toHaveLength(1);
    expect(runs.filter(({ result }) => result['outcome'] === 'failed')).toEqual([]);
    expect(runs.every(({ code, stderr }) => code === 0 && stderr === '')).toBe(true);
    if (isLinux) expect(processesOf(dir, 'main.js')).toHaveLength(1);
  });
});
