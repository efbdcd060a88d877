import { describe, expect, test } from 'vitest';
import { reviewSarif } from '../../cli/review/sarif.ts';
import type { ReviewFinding, ReviewOutcome } from '../../orchestrator/finding.ts';
import { sarifErrors } from './helpers/sarif.ts';

const FINDING: ReviewFinding = {
  repo: '',
  path: 'app/r ün.py',
  line: 6,
  endLine: 7,
  place: 'in-diff',
  severity: 'high',
  confidence: 'medium',
  category: 'code-injection',
  cwe: 'CWE-94',
  title: 'A name is code',
  attack: 'Sends a name with a call in it.',
  fix: 'Look the name up in a table.',
  quote: 'eval(\n    name)',
  symbol: 'run',
  key: 'ab'.repeat(32),
};
const USAGE = {
  calls: 1,
  inputTokens: 120,
  outputTokens: 30,
  cacheReadTokens: 400,
  cacheWriteTokens: 50,
  costUsd: undefined,
  model: 'claude-opus-5-5',
};
const COVERAGE = { reviewed: ['app/r ün.py'], left: [] };

const found = (...findings: readonly ReviewFinding[]): ReviewOutcome => ({
  kind: 'findings',
  findings,
  coverage: COVERAGE,
  usage: USAGE,
});
const LEFT = { reviewed: [], left: [{ path: 'a[1].md', reason: 'not source code' }] };
const FAILED: ReviewOutcome = {
  kind: 'not-reviewed',
  reason: 'auth',
  detail: 'anthropic answered 401',
  usage: undefined,
};

const runOf = (outcome: ReviewOutcome) => JSON.parse(reviewSarif(outcome, '/project')).runs[0];

const HOSTILE = {
  ...FINDING,
  path: 'a\ud800\n[x](y)/é.py',
  title: 'x [click](https://example.com)\n\u202e \\',
  fix: 'a\u2028b [1](2)',
  quote: 'eval(\u001b[2J)',
};

test.each<[string, ReviewOutcome]>([
  ['findings', found(FINDING)],
  ['hostile text', found(HOSTILE)],
  ['clean', { kind: 'clean', coverage: LEFT, usage: USAGE }],
  ['nothing to review', { kind: 'clean', coverage: LEFT, usage: undefined }],
  ['not reviewed', FAILED],
])('is valid SARIF 2.1.0: %s', (_name, outcome) => {
  expect(sarifErrors(reviewSarif(outcome, '/project'))).toBeNull();
});

test('says what code hosts read', () => {
  const { results, tool, invocations, properties } = runOf(found(FINDING));
  expect({ results, rules: tool.driver.rules, invocations, properties }).toMatchInlineSnapshot(`
    {
      "invocations": [
        {
          "executionSuccessful": true,
          "toolExecutionNotifications": [],
        },
      ],
      "properties": {
        "usage": {
          "cacheReadTokens": 400,
          "cacheWriteTokens": 50,
          "calls": 1,
          "inputTokens": 120,
          "model": "claude-opus-5-5",
          "outputTokens": 30,
        },
      },
      "results": [
        {
          "level": "error",
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "app/r%20%C3%BCn.py",
                  "uriBaseId": "SRCROOT",
                },
                "region": {
                  "endLine": 7,
                  "snippet": {
                    "text": "eval(
        name)",
                  },
                  "startLine": 6,
                },
              },
            },
          ],
          "message": {
            "text": "A name is code. Attack: Sends a name with a call in it. Fix: Look the name up in a table.",
          },
          "partialFingerprints": {
            "sgReview/v1": "abababababababababababababababababababababababababababababababab",
          },
          "properties": {
            "category": "code-injection",
            "confidence": "medium",
            "cwe": "CWE-94",
            "place": "in-diff",
            "severity": "high",
          },
          "ruleId": "review-cwe-94",
          "ruleIndex": 0,
        },
      ],
      "rules": [
        {
          "defaultConfiguration": {
            "level": "error",
          },
          "fullDescription": {
            "text": "A model that reviewed the change reports CWE-94: code injection, workflow injection. The code that it quotes is there; whether the finding holds is for you to judge.",
          },
          "help": {
            "text": "A model that reviewed the change reports CWE-94: code injection, workflow injection. The code that it quotes is there; whether the finding holds is for you to judge.
    Fix:
    app/r ün.py:6: Look the name up in a table.",
          },
          "helpUri": "https://cwe.mitre.org/data/definitions/94.html",
          "id": "review-cwe-94",
          "name": "CodeInjectionWorkflowInjection",
          "properties": {
            "cwe": "CWE-94",
            "precision": "medium",
            "security-severity": "8.0",
            "tags": [
              "security",
              "external/cwe/cwe-094",
            ],
          },
          "relationships": [
            {
              "kinds": [
                "superset",
              ],
              "target": {
                "id": "CWE-94",
                "toolComponent": {
                  "index": 0,
                  "name": "CWE",
                },
              },
            },
          ],
          "shortDescription": {
            "text": "CWE-94: code injection, workflow injection",
          },
        },
      ],
    }
  `);
});

test('one rule for each weakness, as severe as its worst finding, as precise as its least sure', () => {
  const worse = {
    ...FINDING,
    severity: 'critical',
    confidence: 'low',
    line: 9,
    key: 'k2',
  } as const;
  const other = { ...FINDING, cwe: 'CWE-79', category: 'cross-site-scripting', key: 'k3' } as const;
  const { results, tool, taxonomies } = runOf(found(FINDING, other, worse));
  expect(
    tool.driver.rules.map((rule: { id: string; properties: unknown }) => [
      rule.id,
      rule.properties,
    ]),
  ).toEqual([
    ['review-cwe-94', expect.objectContaining({ precision: 'low', 'security-severity': '9.5' })],
    ['review-cwe-79', expect.objectContaining({ precision: 'medium', 'security-severity': '8.0' })],
  ]);
  expect(
    results.map((each: { ruleIndex: number; ruleId: string; level: string }) => [
      each.ruleIndex,
      each.ruleId,
      each.level,
    ]),
  ).toEqual([
    [0, 'review-cwe-94', 'error'],
    [0, 'review-cwe-94', 'error'],
    [1, 'review-cwe-79', 'error'],
  ]);
  expect(taxonomies[0].taxa.map(({ id }: { id: string }) => id)).toEqual(['CWE-79', 'CWE-94']);
});

describe('without a verdict', () => {
  test('there is no list of results that could pass for a clean one', () => {
    const run = runOf(FAILED);
    expect(run).not.toHaveProperty('results');
    expect(run.invocations).toEqual([
      {
        executionSuccessful: false,
        toolExecutionNotifications: [
          {
            level: 'error',
            descriptor: { id: 'auth' },
            message: {
              text: 'not reviewed: the model endpoint refused the credentials (anthropic answered 401)',
            },
          },
        ],
      },
    ]);
  });

  test('on some of the files: they are named, and the verdict on the others stands', () => {
    const run = runOf({ kind: 'clean', coverage: LEFT, usage: USAGE });
    expect(run.results).toEqual([]);
    expect(run.invocations[0]).toMatchObject({
      executionSuccessful: true,
      toolExecutionNotifications: [
        { level: 'note', message: { text: String.raw`Not reviewed: a\[1\].md: not source code` } },
      ],
    });
  });
});

test('a text of the model makes no link and no second line', () => {
  const { results, tool } = runOf(found(HOSTILE));
  const [{ message }] = results;
  expect(message.text).toContain(String.raw`x \[click\](https://example.com) \\`);
  expect(message.text).not.toMatch(/[\n\u2028\u202e]/);
  expect(tool.driver.rules[0].help).not.toHaveProperty('markdown');
  expect(tool.driver.rules[0].help.text).toContain(String.raw`a b \[1\](2)`);
});
