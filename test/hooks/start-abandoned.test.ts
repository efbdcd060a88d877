/** The built starter and the built service, come too late: what they were to serve has been removed. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isBuilt, StartCopy } from './start-support.ts';

let copy: StartCopy;
beforeAll(() => {
  copy = new StartCopy();
});
afterAll(() => copy.remove());

/** A service's folder in a place that is gone. */
function removed(name: string): { readonly place: string; readonly dir: string } {
  const place = join(copy.scratch, name);
  const dir = copy.track(join(place, 'state', 'service'));
  mkdirSync(dir, { recursive: true });
  rmSync(place, { recursive: true });
  return { place, dir };
}

describe.skipIf(!isBuilt)('a start that comes too late', () => {
  it('of the starter makes nothing anew, and says nothing', async () => {
    const { place, dir } = removed('gone');
    expect(await copy.start(dir)).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(existsSync(place)).toBe(false);
  });

  it('makes the folder where the user asks for the start', async () => {
    const { dir } = removed('wanted');
    const { result } = await copy.start(dir, { flags: ['--probe'] });
    expect(result).toMatchObject({ outcome: 'started' });
  });

  it('makes the state folder anew where only that was removed', async () => {
    const { place, dir } = removed('emptied');
    mkdirSync(place);
    expect((await copy.start(dir)).result).toMatchObject({ outcome: 'started' });
    expect(readdirSync(place)).toEqual(['state']);
  });

  it('of the service itself ends with the reason, and makes nothing anew', async () => {
    const { place, dir } = removed('served');
    const main = join(dirname(copy.script), 'main.js');
    const ended = promisify(execFile)(process.execPath, [main, dir], { env: copy.env(dir) });
    await expect(ended).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('ENOENT'),
    });
    expect(existsSync(place)).toBe(false);
  });
});
