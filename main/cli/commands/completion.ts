import { choiceError, type Command } from '../arguments/command.ts';
import { jsonOption, readArgs } from '../arguments/options.ts';
import { scripts, shells } from '../completion/scripts.ts';
import type { OptionTable } from '../usage/usage.ts';

const options = { ...jsonOption } as const satisfies OptionTable;

/** `completion`: prints what makes a shell complete commands, options, local paths and addresses. */
export const completionCommand: Command = {
  usage: {
    forms: [[`completion ${shells.join('|')}`, 'print the script that makes this shell complete the command line']],
    about: [
      'Completes commands, options and their values, local paths, and addresses: after oss:// the buckets, after oss://bucket/ what is in it, with the options and credentials of the line. It waits for the server for two seconds at most, and asks for no passphrase.',
    ],
    words: [shells],
    options,
    examples: [
      { line: 'eval "$(waybill completion bash)"', meaning: 'In ~/.bashrc' },
      { line: 'waybill completion zsh > _waybill', meaning: 'Save as _waybill in a folder of $fpath' },
      { line: 'waybill completion fish > waybill.fish', meaning: 'Save in ~/.config/fish/completions' },
    ],
  },
  async run(args, { out }) {
    const { values, words } = readArgs(args, options, ['SHELL']);
    const shell = shells.find((one) => one === words[0]);
    if (shell === undefined) throw choiceError('SHELL', shells);
    const script = scripts[shell];
    await out.answer(values.json === true ? JSON.stringify({ shell, script }) : script);
    return 0;
  },
};
