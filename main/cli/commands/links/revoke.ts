import { toFailure } from '../../../failure.ts';
import { isFormFile } from '../../../links/receiving/form-file.ts';
import { isTicket } from '../../../links/tickets/ticket-urls.ts';
import type { Command, CommandContext } from '../../arguments/command.ts';
import { linkAbout, takeLink } from '../../arguments/link-source.ts';
import { readAnyArgs } from '../../arguments/options.ts';
import { revokeOptions, type RevokeValues } from '../../arguments/revoke-options.ts';
import { endFormFile, reopenFormFile } from '../../pages/form-file.ts';
import { textGiven } from '../../revoking/given-links.ts';
import { restoreLinks, revokeLinks } from '../../revoking/revoke-link.ts';
import { failureMessage } from '../../terminal/failure-message.ts';
import { text as sentence } from '../../terminal/sentences.ts';
import { endTicketFile } from './request-ticket.ts';

/** `revoke`: takes back what was handed out, and asks OSS until it refuses it. */
export const revokeCommand: Command = {
  usage: {
    forms: [
      ['revoke - < LINK', "revoke a link before it expires, by a Deny statement in the bucket's policy"],
      ['revoke --undo - < LINK', 'take that statement away again'],
      ['revoke FILE', 'revoke what a file holds: a share page or manifest, a drop page, a form, or an upload ticket'],
    ],
    about: [
      'A link of "share --revocable" is revoked alone, with those that were created with it. Of any other link, only its URL is known: then the bucket denies what its AccessKey signs for its file, until it expires.',
      linkAbout,
      'Exit codes: 0 OSS was seen to refuse it, or it has expired; 1 anything else; 2 invalid command line. Downloads that are already running end normally.',
    ],
    words: ['path'],
    options: revokeOptions,
    examples: [
      { line: 'waybill revoke - < link.txt', meaning: 'A link that was created with --revocable' },
      { line: 'waybill revoke --yes - < other-link.txt', meaning: 'Any other link, without being asked' },
      { line: 'waybill revoke drop.html', meaning: 'A page on which others drop files' },
    ],
  },
  async run(args, context) {
    const { values, words } = readAnyArgs(args, revokeOptions);
    const { link: given } = await takeLink(words, ['URL'], values['url-file'], context);
    const text = await textGiven(given, given === words[0]);
    try {
      return await revokeText(text, values, context);
    } catch (error) {
      const failure = toFailure(error);
      // A policy that is full, or that can't be read, is no mistake in the command line.
      if (failure.kind !== 'input' || failure.field !== 'policy') throw error;
      context.out.say(`revoke: ${failureMessage(failure)}`);
      return 1;
    }
  },
};

async function revokeText(text: string, values: RevokeValues, context: CommandContext): Promise<number> {
  const isUndo = values.undo === true;
  if (isTicket(text)) return isUndo ? refuseUndo(context) : endTicketFile(text, values, context);
  if (isFormFile(text)) return (isUndo ? reopenFormFile : endFormFile)(text, values, context);
  return (isUndo ? restoreLinks : revokeLinks)(text, values, context);
}

function refuseUndo({ out }: CommandContext): number {
  out.say(sentence('cli.revoke.undo-ticket'));
  return 1;
}
