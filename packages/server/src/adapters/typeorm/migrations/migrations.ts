import { FirstTables1795219200000 } from './1795219200000-first-tables.ts';
import { Takeovers1795305600000 } from './1795305600000-takeovers.ts';
import { Triggers1795392000000 } from './1795392000000-triggers.ts';
import { Queue1795564800000 } from './1795564800000-queue.ts';
import { RunJournal1795651200000 } from './1795651200000-run-journal.ts';
import { CreditLedger1795741200000 } from './1795741200000-credit-ledger.ts';
import { WaitingRuns1795827600000 } from './1795827600000-waiting-runs.ts';
import { StepTraces1795914000000 } from './1795914000000-step-traces.ts';
import { FailedRuns1796000400000 } from './1796000400000-failed-runs.ts';
import { FileOwners1796350000000 } from './1796350000000-file-owners.ts';
import { StepParts1796400000000 } from './1796400000000-step-parts.ts';
import { PersonUses1796450000000 } from './1796450000000-person-uses.ts';
import { ChargedNodes1796500000000 } from './1796500000000-charged-nodes.ts';
import { Usage1796550000000 } from './1796550000000-usage.ts';
import { FileUses1796700000000 } from './1796700000000-file-uses.ts';
import { PackedSteps1796800000000 } from './1796800000000-packed-steps.ts';
import { Budgets1796850000000 } from './1796850000000-budgets.ts';
import { Notices1796900000000 } from './1796900000000-notices.ts';
import { OpenChildren1797000000000 } from './1797000000000-open-children.ts';
import { Billing1797100000000 } from './1797100000000-billing.ts';
import { Assets1797300000000 } from './1797300000000-assets.ts';
import { LeanLedger1797800000000 } from './1797800000000-lean-ledger.ts';
import { ShortRefunds1797810000000 } from './1797810000000-short-refunds.ts';
import { FilesInPlace1797900000000 } from './1797900000000-files-in-place.ts';
import { OriginalTimes1797910000000 } from './1797910000000-original-times.ts';
import { LeanDays1797950000000 } from './1797950000000-lean-days.ts';
import { AssetChanges1797960000000 } from './1797960000000-asset-changes.ts';
import { Ceilings1797970000000 } from './1797970000000-ceilings.ts';
import { ReplacedOriginals1797985000000 } from './1797985000000-replaced-originals.ts';

/** Every change of the tables, oldest first. One that was released is never edited. */
export const migrations = [
  FirstTables1795219200000,
  Takeovers1795305600000,
  Triggers1795392000000,
  Queue1795564800000,
  RunJournal1795651200000,
  CreditLedger1795741200000,
  WaitingRuns1795827600000,
  StepTraces1795914000000,
  FailedRuns1796000400000,
  FileOwners1796350000000,
  StepParts1796400000000,
  PersonUses1796450000000,
  ChargedNodes1796500000000,
  Usage1796550000000,
  FileUses1796700000000,
  PackedSteps1796800000000,
  Budgets1796850000000,
  Notices1796900000000,
  OpenChildren1797000000000,
  Billing1797100000000,
  Assets1797300000000,
  LeanLedger1797800000000,
  ShortRefunds1797810000000,
  FilesInPlace1797900000000,
  OriginalTimes1797910000000,
  LeanDays1797950000000,
  AssetChanges1797960000000,
  Ceilings1797970000000,
  ReplacedOriginals1797985000000,
];
