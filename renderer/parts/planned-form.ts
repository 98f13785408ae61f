import type { InputFailure, LinkPlan, LinkValidity, SignedLink } from '../../main/contract/contract.ts';
import type { ExpiryForm } from '../lib/expiry.ts';

/** A form for links that main plans again at each change. */
export interface PlannedForm extends ExpiryForm {
  /** Null while unknown, or while the expiry is invalid. */
  readonly plan: LinkPlan | null;
  readonly validity: LinkValidity | null;
  /** A session of its own signs the link, and limits it. */
  readonly isRevocable?: boolean;
  readonly problems: readonly InputFailure[];
  /** The created link, if the form shows it. */
  readonly link: SignedLink | null;
  /** When it was created, in Unix milliseconds by this computer's clock. */
  readonly madeAt?: number | null;
  refreshPlan(): Promise<void>;
}
