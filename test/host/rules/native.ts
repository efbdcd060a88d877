/** A whole rule in our format, to change one thing in. */
import { parsePattern } from '../../../engine/regex/parse.ts';
import { convertNativeRules, type NativeInput } from '../../../host/rules/native-format.ts';
import { formatRuleFileProblem } from '../../../host/rules/problem.ts';
import type { ConvertedRules } from '../../../host/rules/reference-format.ts';
import { parseRuleDocument } from '../../../host/rules/yaml-document.ts';

export function convert(text: string, options: Partial<NativeInput> = {}): ConvertedRules {
  const parsed = parseRuleDocument(text, { format: 'yaml', uniqueKeys: true });
  if (!parsed.ok) throw new Error(parsed.reason);
  const { value, locate } = parsed;
  return convertNativeRules({
    file: 'r.yaml',
    origin: 'builtin',
    value,
    locate,
    taken: new Set(),
    strict: true,
    checkPattern: (pattern) => {
      const result = parsePattern(pattern);
      return result.ok ? undefined : result.error;
    },
    ...options,
  });
}

export function said(result: ConvertedRules): string[] {
  return result.problems.map(formatRuleFileProblem);
}

export const GOOD: string = `id: python-yaml-unsafe-load
title: yaml.load with an unsafe loader
severity: high
confidence: high
cwe: CWE-502
languages: [python]
in: code
patterns:
  - '\\byaml\\.load\\s*\\('
unless:
  - within: call
    pattern: '\\bSafeLoader\\b'
message:
  what: What.
  why: Why.
  fix: Fix.
references:
  - https://pyyaml.org/wiki/PyYAMLDocumentation
examples:
  match:
    - 'yaml.load(fh)'
    - code: |
        yaml.load(x)
      path: app/load.py
  no-match:
    - 'yaml.load(fh, Loader=yaml.SafeLoader)'
    - 'yaml.loads(fh)'
class: deserialization
parity: unsafe_yaml_load
`;
