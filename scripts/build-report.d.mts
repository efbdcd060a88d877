/** Writes `page.js` and `page.css` of the report into `dir`. */
export function buildReport(dir: string): Promise<void>;
