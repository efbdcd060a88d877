import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findProgram, searchPath } from '../../host/program.ts';

test.skipIf(process.platform === 'win32')(
  'a program is the first file that can be run, in an absolute folder of PATH',
  () => {
    const dir = mkdtempSync(join(tmpdir(), 'sg-program-'));
    onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
    const folders = ['folder', 'plain', 'good', 'later'].map((name) => join(dir, name));
    for (const folder of folders) mkdirSync(folder);
    const [folder = '', plain = '', good = '', later = ''] = folders;
    mkdirSync(join(folder, 'tool'));
    for (const each of [plain, good, later]) writeFileSync(join(each, 'tool'), '');
    for (const each of [good, later]) chmodSync(join(each, 'tool'), 0o755);
    const path = searchPath({ PATH: ['', '.', 'relative', ...folders].join(delimiter) });
    expect(path).toEqual(folders);
    expect(findProgram('tool', path)).toBe(join(good, 'tool'));
    expect(findProgram('other', path)).toBeUndefined();
  },
);
