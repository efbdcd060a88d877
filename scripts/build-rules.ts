/** Reads, validates and merges the built-in rule files for the build. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as yaml from 'yaml';
import type { Rule } from '../engine/rule.ts';
import { parseNativeFile } from '../host/rules/native-format.ts';
