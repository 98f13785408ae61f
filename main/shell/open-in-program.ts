import { spawn } from 'node:child_process';
import { dialog, shell, type BrowserWindow, type OpenDialogOptions } from 'electron';
import { WaybillError } from '../failure.ts';

/** Opens a file in the program that the system has for it. @throws WaybillError `input` no-program */
export async function showInUsualProgram(path: string): Promise<void> {
  const problem = await shell.openPath(path);
  if (problem !== '') throw new WaybillError({ kind: 'input', field: 'program', rule: 'no-program' });
}

/** Where programs are, and how they are told from other files. */
function whereProgramsAre(): OpenDialogOptions {
  const { platform, env } = process;
  if (platform === 'darwin') {
    return { defaultPath: '/Applications', filters: [{ name: 'Applications', extensions: ['app'] }] };
  }
  if (platform !== 'win32') return { defaultPath: '/usr/bin' };
  const defaultPath = env['ProgramFiles'] ?? 'C:\\Program Files';
  return { defaultPath, filters: [{ name: 'Programs', extensions: ['exe'] }] };
}

/** Asks for a program in the system's dialog; null if the person cancels. Electron has no list of programs to choose from. */
export async function pickProgram(window: BrowserWindow, title: string): Promise<string | null> {
  const options: OpenDialogOptions = { title, properties: ['openFile'], ...whereProgramsAre() };
  const { canceled, filePaths } = await dialog.showOpenDialog(window, options);
  return canceled ? null : (filePaths[0] ?? null);
}

/**
 * Starts a program that the person chose with a file as its only argument, without a shell. It outlives Waybill.
 * @throws WaybillError `input` program-start
 */
export async function showInProgram(program: string, path: string): Promise<void> {
  const [command, args] =
    process.platform === 'darwin' ? (['/usr/bin/open', ['-a', program, path]] as const) : ([program, [path]] as const);
  await new Promise<void>((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'ignore', detached: true });
    child.once('error', (cause) =>
      reject(new WaybillError({ kind: 'input', field: 'program', rule: 'program-start' }, { cause })),
    );
    child.once('spawn', resolve);
    child.unref();
  });
}
