/** What is said, how often, and what is kept for later. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { Rule } from '../../engine/rule.ts';
import type { Inspection } from '../../hooks/inspect.ts';
import { beginLater, giveUpLater, tell, tellLater } from '../../hooks/tell.ts';
import type { TellDeps } from '../../hooks/tell.ts';
import { createLedger } from '../../host/state/ledger.ts';
import { createPending } from '../../host/state/pending.ts';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { RULES } from './support.ts';

let deps: TellDeps;

beforeEach(() => {
  const dir = mkdtempSync(join(tmpdir(), 'sg-tell-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const log = { write: () => undefined };
  deps = {
    log,
    finishesLater: true,
    openLedger: (key) => createLedger({ dir, key, log, now: Date.now }),
    noteEdit: () => undefined,
    openPending: (key) => createPending({ dir, key, log }),
  };
});

function ruleAt(index: number): Rule {
  const rule = RULES[index];
  if (rule === undefined) throw new Error(`no rule ${index}`);
  return rule;
}

function inspection(
  toolUseId: string,
  rules: readonly Rule[],
  more: Partial<Inspection> = {},
): Inspection {
  return {
    kind: 'inspected',
    edit: {
      session: 's',
      toolUseId,
      file: { absolute: '/p/a.ts', shown: 'a.ts', projectDir: '/p' },
    },
    told: rules.map((rule) => ({ rule, places: [{ line: 3 }] })),
    partial: [],
    overdue: [],
    problems: [],
    bytes: 4_200_000,
    ...more,
  };
}

async function finish(outcome: Inspection): Promise<void> {
  await tellLater(outcome, await beginLater(outcome.edit, deps), deps);
}

describe('a finding', () => {
  test('is told once a session, and again to the tool call that was told', async () => {
    const first = await tell(inspection('t1', [ruleAt(0)]), deps);
    expect(first.kind).toBe('speak');
    expect(await tell(inspection('t1', [ruleAt(0)]), deps)).toEqual(first);
    expect(await tell(inspection('t2', [ruleAt(0)]), deps)).toEqual({
      kind: 'silent',
      reason: 'told',
    });
    expect(await tell(inspection('t1', [ruleAt(0)]), deps)).toEqual(first);
  });

  test('that comes late is told with the next edit, whatever that one introduced', async () => {
    await finish(inspection('t1', [ruleAt(0)]));
    const next = await tell(inspection('t2', []), deps);
    if (next.kind !== 'speak') throw new Error(next.reason);
    expect(next.context).toContain('An earlier edit to a.ts, whose check took longer, introduced');
    expect(next.context).toContain(ruleAt(0).id);
    expect(next.metrics).toMatchObject({ pattern_hits: 1 });
    expect(await tell(inspection('t2', []), deps)).toEqual(next);
    expect((await tell(inspection('t3', []), deps)).kind).toBe('silent');
  });

  test('that the edit was told is not told late', async () => {
    await tell(inspection('t1', [ruleAt(0)]), deps);
    await finish(inspection('t1', [ruleAt(0)]));
    expect((await tell(inspection('t2', []), deps)).kind).toBe('silent');
  });
});

describe('what was cut', () => {
  test('is said at each edit, with the number of rules and the size', async () => {
    for (const id of ['t1', 't2']) {
      const said = await tell(inspection(id, [], { overdue: ['a', 'b', 'c'] }), deps);
      if (said.kind !== 'speak') throw new Error(said.reason);
      expect(said.notice).toBe(
        'security-guidance: incomplete: 3 rules not evaluated in time on this 4.2 MB edit of a.ts. The rest follows with a later edit.',
      );
      expect(said.context).toBeUndefined();
    }
  });

  test('promises nothing where nothing follows', async () => {
    const said = await tell(inspection('t', [], { overdue: ['a'] }), {
      ...deps,
      finishesLater: false,
    });
    expect(said.kind === 'speak' && said.notice).toMatch(/1 rule not evaluated.*a\.ts\.$/);
  });

  test('and was under way in a process that died is said with the next edit', async () => {
    const { edit } = inspection('t1', []);
    const gone = spawnSync(process.execPath, ['-e', '0']).pid;
    const value = { path: edit.file.shown, told: [] };
    await deps.openPending(edit.session).add(value, { id: 'j', pid: gone });
    const said = await tell(inspection('t2', []), deps);
    expect(said.kind === 'speak' && said.notice).toMatch(/was given up: a\.ts/);
  });

  test('and is not done in the background either is said, beside what was found', async () => {
    await finish(inspection('t1', [ruleAt(0)], { overdue: ['slow'] }));
    const said = await tell(inspection('t2', []), deps);
    if (said.kind !== 'speak') throw new Error(said.reason);
    expect(said.context).toContain(ruleAt(0).id);
    expect(said.notice).toMatch(/was given up: a\.ts/);
  });

  test('and given up in the background is said with the next edit, once', async () => {
    const { edit } = inspection('t1', []);
    const job = await beginLater(edit, deps);
    expect((await tell(inspection('t1b', []), deps)).kind).toBe('silent');
    await giveUpLater(edit, job, deps);
    const said = await tell(inspection('t2', []), deps);
    expect(said.kind === 'speak' && said.notice).toMatch(/took too long and was given up: a\.ts/);
    expect((await tell(inspection('t3', []), deps)).kind).toBe('silent');
  });
});
