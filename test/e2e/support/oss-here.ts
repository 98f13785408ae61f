import { resolve } from 'node:path';
import type { ElectronApplication } from 'playwright';

/**
 * Names of OSS and custom domains lead to this machine, in the app's process and the threads that it will start. With a
 * `port`, HTTPS without one leads to it.
 */
export function leadOssHere(app: ElectronApplication, port = 0): Promise<void> {
  return app.evaluate(
    (_electron, [program, httpsPort]) => {
      process.env['OSS_HERE_PORT'] = String(httpsPort);
      const { createRequire, syncBuiltinESMExports } = process.getBuiltinModule('node:module');
      createRequire(program)(program);
      const threads = process.getBuiltinModule('node:worker_threads');
      const { Worker } = threads;
      threads.Worker = class extends Worker {
        constructor(...[file, options]: ConstructorParameters<typeof Worker>) {
          super(file, { ...options, execArgv: ['--require', program] });
        }
      };
      syncBuiltinESMExports();
    },
    [resolve(import.meta.dirname, '../../../.ci/oss-hosts.cjs'), port] as const,
  );
}
