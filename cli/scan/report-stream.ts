/** A report on its way out while the scan goes on. */
import type { FileOutcome } from '../../workers/protocol.ts';
import type { ReportOutput } from '../output-file.ts';
import { ReportBuilder } from '../report/model.ts';
import type {
  Judge,
  NotScanned,
  ReportEnd,
  ReportFrame,
  ReportTotals,
  ReportWriter,
} from '../report/model.ts';

export class ReportStream {
  readonly #writer: ReportWriter;
  readonly #output: ReportOutput;
  readonly #builder: ReportBuilder;
  #waiting: string;

  constructor(frame: ReportFrame, writer: ReportWriter, output: ReportOutput, judge: Judge) {
    this.#writer = writer;
    this.#output = output;
    this.#builder = new ReportBuilder(frame, judge);
    this.#waiting = writer.begin();
  }

  /** Takes the outcome of the next file. */
  add(outcome: FileOutcome): void {
    const found = this.#builder.add(outcome);
    if (found.length > 0) this.#waiting += this.#writer.findings(found);
  }

  get isWaiting(): boolean {
    return this.#waiting !== '';
  }

  /** Hands on what came so far; resolves when the reader has taken it. */
  async flush(): Promise<void> {
    const text = this.#waiting;
    this.#waiting = '';
    if (text !== '') await this.#output.write(text);
  }

  async end(totals: ReportTotals, problems: readonly NotScanned[]): Promise<ReportEnd> {
    this.#builder.addNotScanned(problems);
    const end = this.#builder.end(totals);
    this.#waiting += this.#writer.end(end);
    await this.flush();
    return end;
  }
}
