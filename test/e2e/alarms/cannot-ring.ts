/** What the emulator does not do, and so cannot count. */
export const cannotRing: Readonly<Record<string, string>> = {
  FlowEventsNotKept: 'no way is known here to let Firehose and S3 both refuse what collect puts there',
  FlowStreamFull: 'its stream takes everything at once',
  FlowTableThrottled: 'its tables take everything at once',
  FlowExportsRefused: 'it does not run what a schedule tells an AWS service to do',
};
