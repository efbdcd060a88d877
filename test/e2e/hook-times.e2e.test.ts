import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { HOOK_TIMES_FILE, problemsOf, readHookTimes } from './hook-times.ts';
import { recordHookTimes } from './record-times.ts';
import { terminalKind } from './terminal.ts';

const wanted = process.env['SG_E2E_RECORD'] === '1';
const terminal = terminalKind();

describe('the times that the host saw', () => {
  it.skipIf(!wanted)(
    'are recorded',
    async () => {
      if (terminal === undefined) throw new Error('install tmux to record interactive sessions');
      const times = await recordHookTimes(terminal);
      writeFileSync(HOOK_TIMES_FILE, `${JSON.stringify(times, null, 2)}\n`);
    },
    1_800_000,
  );

  it('are kept in full, without a trace of the machine', () => {
    expect(problemsOf(readHookTimes())).toEqual([]);
  });

  it.each([
    ['a row is missing', (text: string) => text.replace('"print"', '"prints"')],
    ['a median above its p95', (text: string) => text.replace(/"median": \d+/, '"median": 59999')],
    ['a path', (text: string) => text.replace('"about": "', '"about": "/home/x ')],
  ])('are refused where %s', (_, change) => {
    expect(problemsOf(change(readHookTimes()))).not.toEqual([]);
  });
});
