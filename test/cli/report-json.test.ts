import { describe, expect, it } from 'vitest';
import { formatJson } from '../../cli/report/json.ts';
import { FINDINGS, report, SUPPRESSED, TROUBLE } from './helpers/report.ts';

describe('formatJson', () => {
  it('has one object with every field', () => {
    const document = JSON.parse(
      formatJson(report(FINDINGS.slice(1, 2), { suppressed: SUPPRESSED, ...TROUBLE }), true),
    );
    expect(document).toMatchInlineSnapshot(`
      {
        "findings": [
          {
            "class": "code-exec",
            "confidence": "high",
            "cwe": "CWE-95",
            "end": {
              "column": 10,
              "line": 3,
              "offset": 305,
            },
            "fingerprint": "be8058261fd407ad0c193e041d8efed8bde01df33dce062ca2d489872b5547cc",
            "message": {
              "fix": "Use ast.literal_eval.",
              "what": "eval runs text as code.",
              "why": "Whoever controls the text controls the process.",
            },
            "path": "src/a.py",
            "ruleId": "py-eval",
            "severity": "critical",
            "snippet": "eval(x)",
            "start": {
              "column": 5,
              "line": 3,
              "offset": 300,
            },
            "title": "eval of text",
          },
        ],
        "incomplete": [
          {
            "path": "src/a.py",
            "reason": "too many matches",
            "ruleId": "py-eval",
          },
        ],
        "notScanned": [
          {
            "path": "../out/x.py",
            "reason": "permission denied",
          },
        ],
        "summary": {
          "binariesSkipped": 0,
          "bytesScanned": 3456,
          "filesScanned": 12,
          "findings": 1,
          "incomplete": 1,
          "milliseconds": 1234,
          "notScanned": 1,
          "suppressed": 1,
        },
        "suppressed": [
          {
            "class": "code-exec",
            "confidence": "high",
            "cwe": "CWE-95",
            "end": {
              "column": 10,
              "line": 9,
              "offset": 905,
            },
            "fingerprint": "d135726bf317c555e8870553c962bb128f17c67376db50ed21c4289ed0b5b7b3",
            "message": {
              "fix": "Use ast.literal_eval.",
              "what": "eval runs text as code.",
              "why": "Whoever controls the text controls the process.",
            },
            "path": "src/a.py",
            "ruleId": "py-eval",
            "severity": "critical",
            "snippet": "eval(s)",
            "start": {
              "column": 5,
              "line": 9,
              "offset": 900,
            },
            "suppression": {
              "line": 8,
              "reason": "tested input",
            },
            "title": "eval of text",
          },
        ],
        "tool": {
          "name": "security-guidance",
          "version": "0.0.0-source",
        },
        "version": 1,
      }
    `);
  });

  it('leaves suppressed findings out unless they are asked for', () => {
    expect(
      JSON.parse(formatJson(report([], { suppressed: SUPPRESSED }), false)),
    ).not.toHaveProperty('suppressed');
  });
});
