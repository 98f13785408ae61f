import type { Answer } from './finding.ts';
import type { Outcome } from './steps.ts';

/** What a run found out. */
export interface Findings {
  readonly startedAt: Date;
  readonly region: string;
  readonly bucket: string;
  readonly outcomes: readonly Outcome[];
  readonly answers: readonly Answer[];
}

/** The report in Markdown. It holds no key, token, signature or link. */
export function reportOf({ startedAt, region, bucket, outcomes, answers }: Findings): string {
  const lines = [
    '# Acceptance of OSS',
    '',
    `${startedAt.toISOString()}, region ${region}, bucket ${bucket}`,
    '',
    '## Steps',
    '',
    ...table(
      ['step', 'result', 'detail'],
      outcomes.map(({ name, status, detail }) => [name, status, detail]),
    ),
    '',
    '## Open questions',
    ...answers.flatMap(({ question, findings }, index) => [
      '',
      `### ${String(index + 1)}. ${question}`,
      '',
      ...table(
        ['asked', 'seen'],
        findings.map(({ asked, seen }) => [asked, seen]),
      ),
    ]),
    '',
  ];
  return lines.join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
