/** The weaknesses that a reviewer may name, and the CWE of each. A closed list: it is part of the schema. */

export const CATEGORIES = {
  'command-injection': 'CWE-78',
  'code-injection': 'CWE-94',
  'sql-injection': 'CWE-89',
  'nosql-injection': 'CWE-943',
  'ldap-injection': 'CWE-90',
  'xpath-injection': 'CWE-643',
  'template-injection': 'CWE-1336',
  'header-injection': 'CWE-113',
  'log-injection': 'CWE-117',
  'prompt-injection': 'CWE-1427',
  'cross-site-scripting': 'CWE-79',
  'cross-site-request-forgery': 'CWE-352',
  'server-side-request-forgery': 'CWE-918',
  'open-redirect': 'CWE-601',
  'path-traversal': 'CWE-22',
  'unrestricted-upload': 'CWE-434',
  'archive-extraction': 'CWE-409',
  'unsafe-deserialization': 'CWE-502',
  'xml-external-entity': 'CWE-611',
  'prototype-pollution': 'CWE-1321',
  'mass-assignment': 'CWE-915',
  'missing-authentication': 'CWE-306',
  'broken-authentication': 'CWE-287',
  'missing-authorization': 'CWE-862',
  'insecure-direct-object-reference': 'CWE-639',
  'privilege-escalation': 'CWE-269',
  'session-weakness': 'CWE-384',
  'hard-coded-credential': 'CWE-798',
  'secret-exposure': 'CWE-200',
  'sensitive-data-in-logs': 'CWE-532',
  'weak-cryptography': 'CWE-327',
  'weak-randomness': 'CWE-338',
  'signature-not-verified': 'CWE-347',
  'certificate-not-verified': 'CWE-295',
  'cleartext-transmission': 'CWE-319',
  'race-condition': 'CWE-362',
  'insecure-temporary-file': 'CWE-377',
  'incorrect-permissions': 'CWE-732',
  'memory-safety': 'CWE-119',
  'integer-overflow': 'CWE-190',
  'denial-of-service': 'CWE-400',
  'regex-denial-of-service': 'CWE-1333',
  'timing-side-channel': 'CWE-208',
  'insecure-configuration': 'CWE-16',
  'supply-chain': 'CWE-829',
  'workflow-injection': 'CWE-94',
  'business-logic': 'CWE-840',
  other: 'CWE-693',
} as const;

export type Category = keyof typeof CATEGORIES;

export function isCategory(name: string): name is Category {
  return Object.hasOwn(CATEGORIES, name);
}

export function cweOf(category: Category): string {
  return CATEGORIES[category];
}

/**
 * Weaknesses that careful readers name differently for the same defect; the numbers of CWEs. The lists overlap:
 * an unpacked archive is a matter of paths and of size.
 */
const FAMILIES: readonly (readonly number[])[] = [
  // What runs: commands, code, templates.
  [74, 77, 78, 88, 94, 95, 96, 97, 98, 470, 913, 917, 1336],
  [74, 89, 90, 91, 564, 643, 652, 943],
  [79, 80, 83, 87, 116],
  [93, 113, 644],
  [77, 1427],
  [862, 1427],
  [22, 23, 36, 59, 61, 73, 98],
  [22, 409],
  [22, 434],
  [409, 400, 770, 776, 789, 834, 407, 1333],
  [434, 79, 646],
  [441, 918],
  [611, 776, 827],
  [915, 1321],
  [915, 269, 639, 862],
  [287, 288, 290, 294, 302, 303, 304, 305, 306, 307, 308, 345, 521, 620, 640, 697],
  [287, 347],
  [266, 269, 284, 285, 306, 488, 524, 639, 862, 863],
  [352, 384, 1275],
  [16, 346, 942],
  [200, 346],
  [200, 942],
  [284, 942],
  [346, 862],
  [287, 384, 539, 565, 613],
  [16, 384, 614, 1004],
  [256, 257, 259, 260, 321, 522, 798, 1188, 1392],
  [200, 201, 209, 215, 359, 488, 497, 532, 538, 598],
  [261, 310, 323, 325, 326, 327, 328, 329, 347, 759, 760, 780, 916, 1204],
  [323, 329, 330, 331, 335, 337, 338, 340, 1204],
  [290, 345, 346, 347, 353, 354],
  [353, 494, 506, 829, 1104, 1357],
  [295, 296, 297, 298, 299],
  [311, 312, 319, 523, 614],
  [362, 366, 367, 421],
  [59, 362, 367, 377, 378, 379],
  [200, 276, 277, 278, 281, 732],
  [119, 120, 121, 122, 125, 131, 415, 416, 476, 787],
  [119, 120, 131, 190, 680, 787],
  [190, 191, 369, 400, 680, 681, 682, 789],
  [203, 208, 385],
  [16, 209, 215, 489, 548, 1188],
  [16, 250, 269, 276, 284, 668, 732, 1188],
  [20, 682, 691, 837, 839, 840, 841, 1284],
  [20, 190, 682],
  [362, 367, 840],
];

/** `exact` for the same CWE, `family` for one that readers name for the same defect. Both as `CWE-78`. */
export function compareCwe(a: string, b: string): 'exact' | 'family' | 'other' {
  if (a === b) return 'exact';
  const [one, other] = [numberOf(a), numberOf(b)];
  return FAMILIES.some((family) => family.includes(one) && family.includes(other))
    ? 'family'
    : 'other';
}

function numberOf(cwe: string): number {
  return Number(cwe.replace(/^CWE-/, ''));
}
