/** A repository with two defects in its working tree, and what `sg review` and `sg findings` say of it. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, onTestFinished } from 'vitest';
import type { ModelFinding } from '../../../orchestrator/finding.ts';
import { CREDENTIALS } from '../../support/api/auth.ts';
import { startLoopbackApi } from '../../support/api/server.ts';
import type { LoopbackApi } from '../../support/api/server.ts';
import { sg } from './cli.ts';
import type { Result } from './cli.ts';

/** Put together, so that no scanner takes this file for a leak. */
export const TOKEN: string = ['ghp', 'aB3dE5gH7jK9mN1pQ3rS5tU7vW9xY1zA3bC5'].join('_');
export const BEFORE: string = 'import os\n\ndef run(name):\n    return name\n';
export const AFTER: string =
  'import os\n\ndef run(name):\n    os.system("ls " + name)\n    return name\n\ndef look(name):\n    return open("/srv/" + name)\n';
export const RUN: ModelFinding = {
  path: 'app/run.py',
  quote: 'os.system("ls " + name)',
  category: 'command-injection',
  severity: 'high',
  confidence: 'high',
  title: 'A name is part of a shell command',
  attack: 'Sends a name with a semicolon and a command behind it.',
  fix: 'Use subprocess.run with a list of arguments.',
  symbol: 'run',
};
export const LOOK: ModelFinding = {
  ...RUN,
  quote: 'return open("/srv/" + name)',
  category: 'path-traversal',
  severity: 'critical',
  title: 'A name leads out of its folder',
  symbol: 'look',
};

export interface Listed {
  readonly id: string;
  readonly fingerprint: string;
  readonly state: string;
  readonly line: number;
  readonly quote: string;
  readonly times: number;
}

export class FindingsWorld {
  readonly home: string = realpathSync(mkdtempSync(join(tmpdir(), 'sg-findings-')));
  readonly repo: string = join(this.home, 'repo');
  readonly state: string = join(this.home, '.claude/security/findings');
  readonly api: LoopbackApi;

  constructor(api: LoopbackApi) {
    this.api = api;
    mkdirSync(join(this.repo, 'app'), { recursive: true });
    this.git('init', '-q', '-b', 'main');
    this.write(BEFORE);
    this.git('add', '.');
    this.git('commit', '-qm', 'first');
    this.write(AFTER);
  }

  git(...args: readonly string[]): void {
    const who = ['-c', 'user.name=a', '-c', 'user.email=a@example.com'];
    execFileSync('git', [...who, ...args], {
      cwd: this.repo,
      env: { PATH: process.env['PATH'], HOME: this.home },
    });
  }

  write(text: string): void {
    writeFileSync(join(this.repo, 'app/run.py'), text);
  }

  review(...args: readonly string[]): Promise<Result> {
    return sg(['review', ...args], {
      cwd: this.repo,
      env: {
        HOME: this.home,
        ANTHROPIC_BASE_URL: `${this.api.url}/anthropic`,
        ANTHROPIC_API_KEY: CREDENTIALS.key,
      },
    });
  }

  /** The next review is answered so. */
  answer(value: unknown): void {
    this.api.play({ kind: 'message', text: JSON.stringify(value) });
  }

  /** A review that reports these. */
  found(...reported: readonly unknown[]): Promise<Result> {
    this.answer({ findings: reported });
    return this.review();
  }

  findings(...args: readonly string[]): Promise<Result> {
    return sg(['findings', ...args], { cwd: this.repo, env: { HOME: this.home } });
  }

  async listed(...args: readonly string[]): Promise<readonly Listed[]> {
    const { stdout } = await this.findings('list', '--format', 'json', ...args);
    return (JSON.parse(stdout) as { findings: Listed[] }).findings;
  }
}

/** A fresh one for each test. */
export function useFindingsWorld(): () => FindingsWorld {
  let api: LoopbackApi | undefined;
  let world: FindingsWorld | undefined;
  beforeAll(async () => {
    api = await startLoopbackApi();
  });
  afterAll(() => api?.close());
  beforeEach(() => {
    api?.reset();
    const made = api && new FindingsWorld(api);
    if (made !== undefined)
      onTestFinished(() => rmSync(made.home, { recursive: true, force: true }));
    world = made;
  });
  return () => {
    if (world === undefined) throw new Error('only inside of a test');
    return world;
  };
}
