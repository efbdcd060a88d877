export function inputsOf(root: string): string;
export function isUpToDate(dist: string, inputs: string): boolean;
export function writeStamp(dist: string, inputs: string): void;
