import type { InputFailure, LinkPlan, LinkValidity, SignedLink } from '../../main/contract/contract.ts';
import type { ExpiryForm } from '../lib/expiry.ts';

/** A form for links of which main says, at each change, what they would be. */
export interface PlannedForm extends ExpiryForm {
  /** Null while unknown or while the expiry means nothing. */
  readonly plan: LinkPlan | null;
  readonly validity: LinkValidity | null;
  readonly problems: readonly InputFailure[];
  /** What was made, where it is shown. */
  readonly link: SignedLink | null;
  /** The receiver's browser will save the file, whatever was asked for. */
  readonly previewIsForced: boolean;
  refreshPlan(): Promise<void>;
}
