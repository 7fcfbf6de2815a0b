import { definePackage } from '@imaginarium/node-sdk';
import { aggregate } from './aggregate/aggregate.ts';
import { approve } from './approve/approve.ts';
import { slides } from './carousel/slides.ts';
import { javascript } from './code/javascript.ts';
import { convert } from './convert/convert.ts';
import { dataset } from './dataset/dataset.ts';
import { dedupe } from './dedupe/dedupe.ts';
import { filter } from './filter/filter.ts';
import { folder } from './folder/folder.ts';
import { forEach } from './for-each/for-each.ts';
import { httpRequest } from './http-request/http-request.ts';
import { ifNode } from './if/if.ts';
import { image } from './image/image.ts';
import { limit } from './limit/limit.ts';
import { merge } from './merge/merge.ts';
import { pattern } from './pattern/pattern.ts';
import { repeat } from './repeat/repeat.ts';
import { resize } from './resize/resize.ts';
import { respond, respondToEach } from './respond/respond.ts';
import { runWorkflow } from './run-workflow/run-workflow.ts';
import { schedule } from './schedule/schedule.ts';
import { setFields } from './set-fields/set-fields.ts';
import { sort } from './sort/sort.ts';
import { split } from './split/split.ts';
import { stop } from './stop/stop.ts';
import { switchNode } from './switch/switch.ts';
import { text } from './text/text.ts';
import { waitNode } from './wait/wait.ts';
import { webhook } from './webhook/webhook.ts';
import { workflowFailed } from './workflow-failed/workflow-failed.ts';

export {
  aggregate,
  approve,
  convert,
  dataset,
  dedupe,
  filter,
  folder,
  forEach,
  httpRequest,
  ifNode,
  image,
  javascript,
  limit,
  merge,
  pattern,
  repeat,
  resize,
  respond,
  runWorkflow,
  schedule,
  setFields,
  slides,
  sort,
  split,
  stop,
  switchNode,
  text,
  waitNode,
  webhook,
  workflowFailed,
};

export default definePackage({
  nodes: [
    text,
    image,
    dataset,
    webhook,
    schedule,
    workflowFailed,
    pattern,
    resize,
    convert,
    setFields,
    merge,
    ifNode,
    switchNode,
    filter,
    sort,
    limit,
    aggregate,
    split,
    dedupe,
    forEach,
    repeat,
    stop,
    waitNode,
    approve,
    runWorkflow,
    respondToEach,
    respond,
    httpRequest,
    slides,
    folder,
    javascript,
  ],
});
