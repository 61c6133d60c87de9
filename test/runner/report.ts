/** What the last run found, for `npm run behaviours` and for programs. */
import { join, relative } from 'node:path';
import { PROJECT_DIR } from './files.ts';
import type { RunEvent } from './merge.ts';

export const REPORT_FOLDER = join(PROJECT_DIR, 'test-report');
export const REPORT_FILE = join(REPORT_FOLDER, 'report.json');

export interface ReportedTest {
  readonly name: string;
  /** names of the suites that it stands in, the outermost first */
  readonly within: readonly string[];
  readonly file: string;
  /** a skipped test, or one that is still to do, counts as failed: what it promises was not seen to hold */
  readonly passed: boolean;
  readonly durationMs: number;
}

export interface Report {
  readonly passed: number;
  readonly failed: number;
  readonly tests: readonly ReportedTest[];
}

export interface ReportCollector {
  readonly take: (event: RunEvent) => void;
  totals(): { readonly passed: number; readonly failed: number };
  done(): Report;
}

export function collectReport(): ReportCollector {
  const tests: ReportedTest[] = [];
  /** What was begun and has not ended, by depth: the events come in the order in which tests are written. */
  const open: string[] = [];
  const count = (passed: boolean) => tests.filter((test) => test.passed === passed).length;
  return {
    take(event) {
      if (event.type === 'test:start') open[event.data.nesting] = event.data.name;
      if (event.type !== 'test:pass' && event.type !== 'test:fail') return;
      const { data } = event;
      if (data.details.type === 'suite') return;
      const left = [data.skip, data.todo].some((mark) => mark !== undefined && mark !== false);
      tests.push({
        name: data.name,
        within: open.slice(0, data.nesting),
        file: relative(PROJECT_DIR, data.file ?? ''),
        passed: event.type === 'test:pass' && !left,
        durationMs: Math.round(data.details.duration_ms),
      });
    },
    totals: () => ({ passed: count(true), failed: count(false) }),
    done: () => ({ passed: count(true), failed: count(false), tests }),
  };
}
