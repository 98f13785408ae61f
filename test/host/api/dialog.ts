// Dialogs are zenity's. Tests replace these functions, as they would have to in Electron.
import type Electron from 'electron';
import { ask, hasCommand } from '../desktop-commands.ts';
import { isHeadless } from '../chromium-flags.ts';
import { refuseOthers } from '../not-implemented.ts';

/** All of these may be called with or without a window in front. */
type Args<Options> = [options: Options] | [window: unknown, options: Options];

function optionsOf<Options>(args: Args<Options>): Options {
  return args.length === 2 ? args[1] : args[0];
}

function zenity(args: readonly string[]): ReturnType<typeof ask> {
  if (isHeadless()) throw new Error('A dialog without a display is not implemented by the stand-in');
  if (!hasCommand('zenity')) throw new Error('Without Electron, dialogs need the package "zenity"');
  return ask('zenity', args);
}

function fileArguments({ title, defaultPath, filters = [] }: Electron.OpenDialogOptions): string[] {
  return [
    '--file-selection',
    ...(title === undefined ? [] : [`--title=${title}`]),
    ...(defaultPath === undefined ? [] : [`--filename=${defaultPath}`]),
    ...filters.map(({ name, extensions }) => {
      const patterns = extensions.map((extension) => (extension === '*' ? '*' : `*.${extension}`));
      return `--file-filter=${name} | ${patterns.join(' ')}`;
    }),
  ];
}

export const dialog = refuseOthers('dialog', {
  async showOpenDialog(...args: Args<Electron.OpenDialogOptions>): Promise<Electron.OpenDialogReturnValue> {
    const options = optionsOf(args);
    const properties = options.properties ?? ['openFile'];
    const { code, output } = await zenity([
      ...fileArguments(options),
      ...(properties.includes('openDirectory') ? ['--directory'] : []),
      ...(properties.includes('multiSelections') ? ['--multiple', '--separator=\n'] : []),
    ]);
    return code === 0 ? { canceled: false, filePaths: output.split('\n') } : { canceled: true, filePaths: [] };
  },

  async showSaveDialog(...args: Args<Electron.SaveDialogOptions>): Promise<Electron.SaveDialogReturnValue> {
    const { title, defaultPath, filters } = optionsOf(args);
    const shared = fileArguments({
      ...(title === undefined ? {} : { title }),
      ...(defaultPath === undefined ? {} : { defaultPath }),
      ...(filters === undefined ? {} : { filters }),
    });
    const { code, output } = await zenity([...shared, '--save', '--confirm-overwrite']);
    return code === 0 ? { canceled: false, filePath: output } : { canceled: true, filePath: '' };
  },

  async showMessageBox(...args: Args<Electron.MessageBoxOptions>): Promise<Electron.MessageBoxReturnValue> {
    const {
      message,
      detail,
      title,
      buttons = ['OK'],
      cancelId,
      checkboxLabel,
      checkboxChecked = false,
    } = optionsOf(args);
    if (checkboxLabel !== undefined)
      throw new Error('showMessageBox: checkboxLabel is not implemented by the stand-in');
    const { output } = await zenity([
      '--question',
      '--no-markup',
      '--switch',
      `--title=${title ?? ''}`,
      `--text=${[message, detail].filter(Boolean).join('\n\n')}`,
      ...buttons.map((button) => `--extra-button=${button}`),
    ]);
    const pressed = buttons.indexOf(output);
    const cancel =
      cancelId ??
      Math.max(
        0,
        buttons.findIndex((button) => /^(cancel|no)$/i.test(button)),
      );
    return { response: pressed < 0 ? cancel : pressed, checkboxChecked };
  },

  showErrorBox(title: string, content: string): void {
    console.error(`${title}: ${content}`);
    if (!isHeadless()) void zenity(['--error', '--no-markup', `--title=${title}`, `--text=${content}`]);
  },
});
