import { join } from 'node:path';
import type { RunAs } from '../accounts/accounts-options.ts';
import { EditedFiles } from '../editing/edited-files.ts';
import { OpenedFiles } from '../editing/opened-files.ts';
import { folderPrefix } from '../oss/key-path.ts';
import type { Emit } from './ipc.ts';
import type { Troubles } from './troubles.ts';

/** Copies of objects in other programs: shown, and edited. */
export interface Editing {
  readonly opened: OpenedFiles;
  readonly edited: EditedFiles;
}

/** Opens both below `userData`, and reports their changes to the windows. Never rejects. */
export async function openEditing(userData: string, run: RunAs, emit: Emit, troubles: Troubles): Promise<Editing> {
  let list = (): ReturnType<OpenedFiles['list']> => [];
  const onChange = (): void => emit('editing.changed', list());
  const opened = await OpenedFiles.open({ root: join(userData, 'opened'), run, onChange });
  const edited = await EditedFiles.open({
    ...{ root: join(userData, 'edited'), store: join(userData, 'edits.json'), run, onChange },
    onStored: (accountId, bucket, key) => emit('objects.changed', { accountId, bucket, prefix: folderPrefix(key) }),
  });
  list = () => [...opened.list(), ...edited.list()];
  troubles.add('edits', edited.troubles);
  return { opened, edited };
}
