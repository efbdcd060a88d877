import { describe, expect, it } from 'vitest';
import { jsonWriter } from '../../cli/report/json.ts';
import { FINDINGS, SUPPRESSED, TROUBLE, written } from './helpers/report.ts';

describe('jsonWriter', () => {
  it('has one object with every field', () => {
    const document = JSON.parse(
      written((frame) => jsonWriter(frame, true), FINDINGS.slice(1, 2), {
        suppressed: SUPPRESSED,
        ...TROUBLE,
      }),
    );
    expect(document).toMatchInlineSnapshot(`
      {
        "audit": [],
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
          "notScanned": 1,
          "staleBaseline": 0,
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
              "by": "comment",
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

  it('gives the bytes of JSON.stringify, in however many parts', () => {
    for (const found of [[], FINDINGS.slice(0, 1), FINDINGS]) {
      const text = written((frame) => jsonWriter(frame, true), found, { suppressed: SUPPRESSED });
      expect(text).toBe(`${JSON.stringify(JSON.parse(text), null, 2)}\n`);
    }
  });

  it('leaves suppressed findings out unless they are asked for', () => {
    expect(
      JSON.parse(written((frame) => jsonWriter(frame, false), [], { suppressed: SUPPRESSED })),
    ).not.toHaveProperty('suppressed');
  });
});
