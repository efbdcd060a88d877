/** The reports of CI servers, read by others' programs. */
import { error } from '@actions/core';
import type { AnnotationProperties } from '@actions/core';
import { parse } from 'junit2json';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { githubWriter } from '../../cli/report/github.ts';
import { gitlabWriter } from '../../cli/report/gitlab.ts';
import { junitWriter } from '../../cli/report/junit.ts';
import { EVAL_RULE, finding, FINDINGS, HOSTILE, TROUBLE, written } from './helpers/report.ts';

const EVIL_PATH = 'a,b::error file=x::%0A\n]]>"<&é\u0001\ud800.py';
const EVIL = finding(EVIL_PATH, 2, '</failure>\u0000 ::warning::');

describe('githubWriter', () => {
  afterEach(() => vi.restoreAllMocks());

  /** What GitHub's own library writes for the same annotation. */
  function byToolkit(text: string, properties: AnnotationProperties): string {
    let out = '';
    vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
      out += String(chunk);
      return true;
    });
    error(text, properties);
    vi.restoreAllMocks();
    return out;
  }

  it('writes the bytes of the toolkit, and nothing that a runner takes for more commands', () => {
    const lines = written(githubWriter, [...FINDINGS, EVIL], TROUBLE).split('\n');
    const { what, why, fix } = EVAL_RULE.message;
    const expected = byToolkit(`${what} ${why} ${fix}`, {
      title: `py-eval: ${EVAL_RULE.title}`,
      file: EVIL_PATH,
      startLine: 2,
      endLine: 2,
      startColumn: 5,
      endColumn: 10,
    });
    expect(lines).toContain(expected.trimEnd());
    const commands = lines.filter((line) => line.startsWith('::'));
    expect(commands.map((line) => /^::(\w+) /.exec(line)?.[1])).toEqual([
      'error',
      'error',
      'error',
      'notice',
      'error',
      'error',
      'error',
    ]);
    expect(lines.filter((line) => !line.startsWith('::'))).toEqual([
      '5 findings in 4 files, 12 files scanned, 1 not scanned, 1 scanned in part, 1.2 s',
      '',
    ]);
  });
});

describe('gitlabWriter', () => {
  it('writes a Code Quality report: a list, without a byte order mark', () => {
    const text = written(gitlabWriter, [...FINDINGS.slice(0, 2), EVIL], { suppressed: HOSTILE });
    const issues: unknown[] = JSON.parse(text);
    expect(text).toBe(`${JSON.stringify(issues, null, 2)}\n`);
    expect(issues).toHaveLength(3);
    expect(issues[1]).toEqual({
      description: 'eval of text. eval runs text as code. Use ast.literal_eval.',
      check_name: 'py-eval',
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
      severity: 'blocker',
      location: { path: 'src/a.py', lines: { begin: 3, end: 3 } },
    });
    expect(JSON.parse(written(gitlabWriter, []))).toEqual([]);
  });
});

describe('junitWriter', () => {
  const suitesOf = async (text: string) => {
    const report = await parse(text);
    if (!report || !('testsuite' in report)) throw new Error('no suites');
    return report.testsuite ?? [];
  };

  it('is read back whole, hostile names and texts too', async () => {
    const suites = await suitesOf(written(junitWriter, [...FINDINGS, EVIL], TROUBLE));
    const path = EVIL_PATH.replace('\u0001', '\uFFFD').replace('\ud800', '\uFFFD');
    expect(
      suites.map(({ name, tests, failures, errors }) => [name, tests, failures, errors]),
    ).toEqual([
      [path, 1, 1, 0],
      ['b\n\uFFFD]0;x\uFFFD.py', 1, 1, 0],
      ['src/a.py', 2, 2, 0],
      ['src/gone.py', 1, 1, 0],
      ['scan', 3, 0, 2],
    ]);
    const failure = suites[0]?.testcase?.[0]?.failure?.[0];
    expect(failure).toMatchObject({
      message: 'eval of text',
      type: 'critical',
      inner: expect.stringContaining('</failure>\uFFFD ::warning::'),
    });
  });

  it('has a test that passes where nothing was found', async () => {
    const [suite, ...others] = await suitesOf(written(junitWriter, []));
    expect(others).toEqual([]);
    expect(suite?.testcase?.map(({ name, failure }) => [name, failure])).toEqual([
      ['12 files scanned', undefined],
    ]);
  });
});
