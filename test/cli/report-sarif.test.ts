import { describe, expect, it } from 'vitest';
import { relativeUri } from '../../cli/report/sarif-log.ts';
import { formatSarif } from '../../cli/report/sarif.ts';
import { FINDINGS, finding, report, SUPPRESSED, TROUBLE } from './helpers/report.ts';
import { sarifErrors } from './helpers/sarif.ts';

describe('formatSarif', () => {
  it.each([
    ['no findings', report([])],
    ['findings', report(FINDINGS)],
    ['everything', report(FINDINGS, { suppressed: SUPPRESSED, binaries: 1, ...TROUBLE })],
    ['a lone surrogate in a path', report([finding('a\ud800/é ü.py', 1, 'eval(x)')])],
  ])('is valid SARIF 2.1.0: %s', (_name, value) => {
    expect(sarifErrors(formatSarif(value, true))).toBeNull();
  });

  it('says what code hosts read', () => {
    const { runs } = JSON.parse(
      formatSarif(report(FINDINGS.slice(1, 2), { suppressed: SUPPRESSED, ...TROUBLE }), true),
    );
    expect(runs[0]).toMatchInlineSnapshot(`
      {
        "columnKind": "utf16CodeUnits",
        "invocations": [
          {
            "executionSuccessful": false,
            "toolExecutionNotifications": [
              {
                "level": "error",
                "locations": [
                  {
                    "physicalLocation": {
                      "artifactLocation": {
                        "uri": "file:///out/x.py",
                      },
                    },
                  },
                ],
                "message": {
                  "text": "Not scanned: permission denied",
                },
              },
              {
                "level": "error",
                "locations": [
                  {
                    "physicalLocation": {
                      "artifactLocation": {
                        "uri": "src/a.py",
                        "uriBaseId": "SRCROOT",
                      },
                    },
                  },
                ],
                "message": {
                  "text": "Scanned in part (rule py-eval): too many matches",
                },
              },
            ],
          },
        ],
        "originalUriBaseIds": {
          "SRCROOT": {
            "uri": "file:///project/",
          },
        },
        "results": [
          {
            "level": "error",
            "locations": [
              {
                "physicalLocation": {
                  "artifactLocation": {
                    "uri": "src/a.py",
                    "uriBaseId": "SRCROOT",
                  },
                  "region": {
                    "endColumn": 10,
                    "endLine": 3,
                    "snippet": {
                      "text": "eval(x)",
                    },
                    "startColumn": 5,
                    "startLine": 3,
                  },
                },
              },
            ],
            "message": {
              "text": "eval runs text as code. Whoever controls the text controls the process. Use ast.literal_eval.",
            },
            "partialFingerprints": {
              "sgFingerprint/v1": "be8058261fd407ad0c193e041d8efed8bde01df33dce062ca2d489872b5547cc",
            },
            "properties": {
              "class": "code-exec",
              "confidence": "high",
              "cwe": "CWE-95",
              "severity": "critical",
            },
            "ruleId": "py-eval",
            "ruleIndex": 0,
          },
          {
            "level": "error",
            "locations": [
              {
                "physicalLocation": {
                  "artifactLocation": {
                    "uri": "src/a.py",
                    "uriBaseId": "SRCROOT",
                  },
                  "region": {
                    "endColumn": 10,
                    "endLine": 9,
                    "snippet": {
                      "text": "eval(s)",
                    },
                    "startColumn": 5,
                    "startLine": 9,
                  },
                },
              },
            ],
            "message": {
              "text": "eval runs text as code. Whoever controls the text controls the process. Use ast.literal_eval.",
            },
            "partialFingerprints": {
              "sgFingerprint/v1": "d135726bf317c555e8870553c962bb128f17c67376db50ed21c4289ed0b5b7b3",
            },
            "properties": {
              "class": "code-exec",
              "confidence": "high",
              "cwe": "CWE-95",
              "severity": "critical",
            },
            "ruleId": "py-eval",
            "ruleIndex": 0,
            "suppressions": [
              {
                "justification": "tested input",
                "kind": "inSource",
                "status": "accepted",
              },
            ],
          },
        ],
        "taxonomies": [
          {
            "informationUri": "https://cwe.mitre.org/",
            "isComprehensive": false,
            "name": "CWE",
            "organization": "MITRE",
            "shortDescription": {
              "text": "Common Weakness Enumeration",
            },
            "taxa": [
              {
                "helpUri": "https://cwe.mitre.org/data/definitions/95.html",
                "id": "CWE-95",
              },
            ],
          },
        ],
        "tool": {
          "driver": {
            "name": "security-guidance",
            "rules": [
              {
                "defaultConfiguration": {
                  "level": "error",
                },
                "fullDescription": {
                  "text": "eval runs text as code. Whoever controls the text controls the process.",
                },
                "help": {
                  "markdown": "eval runs text as code. Whoever controls the text controls the process.

      **Fix:** Use ast.literal_eval.

      - <https://docs.python.org/3/library/ast.html>",
                  "text": "eval runs text as code. Whoever controls the text controls the process. Use ast.literal_eval.",
                },
                "helpUri": "https://docs.python.org/3/library/ast.html",
                "id": "py-eval",
                "name": "PyEval",
                "properties": {
                  "class": "code-exec",
                  "cwe": "CWE-95",
                  "precision": "high",
                  "security-severity": "9.5",
                  "tags": [
                    "security",
                    "external/cwe/cwe-095",
                  ],
                },
                "relationships": [
                  {
                    "kinds": [
                      "superset",
                    ],
                    "target": {
                      "id": "CWE-95",
                      "toolComponent": {
                        "index": 0,
                        "name": "CWE",
                      },
                    },
                  },
                ],
                "shortDescription": {
                  "text": "eval of text",
                },
              },
              {
                "defaultConfiguration": {
                  "level": "note",
                },
                "fullDescription": {
                  "text": "Ask first.",
                },
                "help": {
                  "markdown": "Ask first. 

      **Fix:** ",
                  "text": "Ask first.",
                },
                "id": "no todo",
                "name": "NoTodo",
                "properties": {
                  "class": "code-exec",
                  "precision": "medium",
                  "security-severity": "3.0",
                  "tags": [
                    "security",
                  ],
                },
                "shortDescription": {
                  "text": "A rule of a project",
                },
              },
            ],
            "semanticVersion": "0.0.0-source",
            "supportedTaxonomies": [
              {
                "index": 0,
                "name": "CWE",
              },
            ],
          },
        },
      }
    `);
  });

  it.each([
    ['src/a b.py', 'src/a%20b.py'],
    ['a:b/c#d?e%.py', 'a%3Ab/c%23d%3Fe%25.py'],
    ['ü\n.py', '%C3%BC%0A.py'],
    ['back\\slash', 'back%5Cslash'],
  ])('encodes %j', (path, uri) => expect(relativeUri(path)).toBe(uri));
});
