/** What the server believes anyway. */
export const testKey = {
  accessKeyId: 'LTAI5tExampleExample',
  accessKeySecret: 'ExampleSecretExampleSecretExam',
  securityToken: null,
};
export const BUCKET = 'waybill-bench';
export const REGION = 'cn-hangzhou';

/** Part size of ali-oss's uploads: with its own choice of 1 MiB it is slower. */
export const PART_BYTES = 8 * 1024 ** 2;

/** What the bench's server finds the size in. */
export function keyOf(sizeBytes: number, name: string): string {
  return `${sizeBytes}/${name}`;
}

/** What is moved. */
export interface Case {
  readonly direction: 'put' | 'get';
  readonly count: number;
  readonly sizeBytes: number;
  /** Added to each answer of the server. */
  readonly latencyMs: number;
}

/** One run of one client. */
export interface ClientOrders extends Case {
  readonly client: 'waybill' | 'ali-oss' | 'curl';
  readonly endpoint: string;
  readonly folder: string;
  /** Files on their way at the same time; of Waybill's small ones, slots that hold several. */
  readonly parallel: number;
}

/** What a run cost. */
export interface ClientReport {
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Largest resident set of the process; 0 where it was not measured. */
  readonly peakBytes: number;
}

/** Moves one file. */
export type Mover = (name: string) => Promise<void>;
