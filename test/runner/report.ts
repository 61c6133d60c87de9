/** What the last run found, for `npm run behaviours` and for programs. */
import { join, relative } from 'node:path';
import { PROJECT_DIR } from './files.ts';
import type { RunEvent } from './merge.ts';

export const REPORT_FOLDER = join(PROJECT_DIR, 'test-report');
export const REPORT_FILE = join(REPORT_FOLDER, 'report.json');

export interface ReportedTest {
  readonly name: string;
  readonly file: string;
  /** a skipped test counts as failed: what it promises was not seen to hold */
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
  const count = (passed: boolean) => tests.filter((test) => test.passed === passed).length;
  return {
    take(event) {
      if (event.type !== 'test:pass' && event.type !== 'test:fail') return;
      const { data } = event;
      if (data.details.type === 'suite') return;
      const left = data.skip !== undefined && data.skip !== false;
      tests.push({
        name: data.name,
        file: relative(PROJECT_DIR, data.file ?? ''),
        passed: event.type === 'test:pass' && !left,
        durationMs: Math.round(data.details.duration_ms),
      });
    },
    totals: () => ({ passed: count(true), failed: count(false) }),
    done: () => ({ passed: count(true), failed: count(false), tests }),
  };
}
