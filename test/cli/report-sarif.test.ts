import { describe, expect, it } from 'vitest';
import type { Finding } from '../../engine/finding.ts';
import { sarifWriter } from '../../cli/report/sarif.ts';
import { FINDINGS, SUPPRESSED, TROUBLE, written } from './helpers/report.ts';

const sarif = (...args: [readonly Finding[], Parameters<typeof written>[2]?]): string =>
  written((frame) => sarifWriter(frame, true), ...args);

describe('sarifWriter', () => {
  it('says what code hosts read', () => {
    const { runs } = JSON.parse(
      sarif(FINDINGS.slice(1, 2), { suppressed: SUPPRESSED, ...TROUBLE }),
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
              {
                "defaultConfiguration": {
                  "level": "note",
                },
                "fullDescription": {
                  "text": "This sg-ignore comment gives no reason, so it hides nothing. A suppression that nobody can judge later hides real weaknesses.",
                },
                "help": {
                  "markdown": "This sg-ignore comment gives no reason, so it hides nothing. A suppression that nobody can judge later hides real weaknesses.

      **Fix:** Write the reason after two dashes: \`sg-ignore: rule-id -- reason\`.",
                  "text": "This sg-ignore comment gives no reason, so it hides nothing. A suppression that nobody can judge later hides real weaknesses. Write the reason after two dashes: \`sg-ignore: rule-id -- reason\`.",
                },
                "id": "suppression-without-reason",
                "name": "SuppressionWithoutReason",
                "properties": {
                  "precision": "high",
                  "security-severity": "3.0",
                  "tags": [
                    "security",
                  ],
                },
                "shortDescription": {
                  "text": "Suppression without a reason",
                },
              },
              {
                "defaultConfiguration": {
                  "level": "note",
                },
                "fullDescription": {
                  "text": "This sg-ignore comment names a rule that finds nothing here. A stale suppression hides the next real finding on its line.",
                },
                "help": {
                  "markdown": "This sg-ignore comment names a rule that finds nothing here. A stale suppression hides the next real finding on its line.

      **Fix:** Remove the rule id, or the whole comment.",
                  "text": "This sg-ignore comment names a rule that finds nothing here. A stale suppression hides the next real finding on its line. Remove the rule id, or the whole comment.",
                },
                "id": "unused-suppression",
                "name": "UnusedSuppression",
                "properties": {
                  "precision": "high",
                  "security-severity": "3.0",
                  "tags": [
                    "security",
                  ],
                },
                "shortDescription": {
                  "text": "Suppression that hides nothing",
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
});
