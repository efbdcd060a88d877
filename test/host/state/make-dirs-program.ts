/** A process of the folders' test: makes `count` folders, each three deep, from a moment on that others share. */
import { join } from 'node:path';
import { makePrivateDir } from '../../../host/state/dir.ts';

const [base = '', count = '0', begin = '0'] = process.argv.slice(2);
while (Date.now() < Number(begin)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
for (let i = 0; i < Number(count); i++) makePrivateDir(join(base, String(i), 'a', 'b'));
