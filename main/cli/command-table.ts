import { own } from '../own.ts';
import type { Command } from './arguments/command.ts';
import type { CommandName } from './usage/overview.ts';

/** Each is loaded when it is called: most of a short command's time would be spent on the others. */
export const commands: Readonly<Record<CommandName, () => Promise<Command>>> = {
  ls: async () => (await import('./commands/files/ls.ts')).lsCommand,
  put: async () => (await import('./commands/files/put.ts')).putCommand,
  get: async () => (await import('./commands/files/get.ts')).getCommand,
  cp: async () => (await import('./commands/files/cp.ts')).cpCommand,
  mv: async () => (await import('./commands/files/mv.ts')).mvCommand,
  rm: async () => (await import('./commands/files/rm.ts')).rmCommand,
  cat: async () => (await import('./commands/files/cat.ts')).catCommand,
  stat: async () => (await import('./commands/files/stat.ts')).statCommand,
  du: async () => (await import('./commands/files/du.ts')).duCommand,
  mb: async () => (await import('./commands/buckets/mb.ts')).mbCommand,
  rb: async () => (await import('./commands/buckets/rb.ts')).rbCommand,
  restore: async () => (await import('./commands/properties/restore.ts')).restoreCommand,
  tag: async () => (await import('./commands/properties/tag.ts')).tagCommand,
  acl: async () => (await import('./commands/properties/acl.ts')).aclCommand,
  sync: async () => (await import('./commands/files/sync.ts')).syncCommand,
  share: async () => (await import('./commands/links/share.ts')).shareCommand,
  request: async () => (await import('./commands/links/request.ts')).requestCommand,
  grant: async () => (await import('./commands/grant.ts')).grantCommand,
  revoke: async () => (await import('./commands/links/revoke.ts')).revokeCommand,
  access: async () => (await import('./commands/access.ts')).accessCommand,
  inspect: async () => (await import('./commands/links/inspect.ts')).inspectCommand,
  fetch: async () => (await import('./commands/links/fetch.ts')).fetchCommand,
  send: async () => (await import('./commands/links/send.ts')).sendCommand,
  accounts: async () => (await import('./commands/accounts.ts')).accountsCommand,
  completion: async () => (await import('./commands/completion.ts')).completionCommand,
  practice: async () => (await import('./commands/practice.ts')).practiceCommand,
};

/** Loads the command of a name; undefined where there is none. */
export function commandNamed(name: string): (() => Promise<Command>) | undefined {
  return own(commands, name);
}
